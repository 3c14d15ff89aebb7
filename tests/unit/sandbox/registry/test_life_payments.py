"""Life in the registry: payments, indexes and complaints, and who is told of them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from sandbox.registry.counter_tables import Complaint, Payment, Subscription
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.message_tables import Outgoing
from sandbox.registry.programmes import programme
from sandbox.registry.tables import Enrolment, Household, Person
from tests.unit.sandbox.registry.living import live, rows


def test_payments_fall_due_each_month_and_are_paid_on_their_day(
    registry: RegistryDatabase,
) -> None:
    november = sa.select(Payment.state, sa.func.count()).where(Payment.month == date(2026, 11, 1))
    november = november.group_by(Payment.state)
    live(registry, 4)
    before = Counter(dict(rows(registry, november)))
    live(registry, 1)
    after = Counter(dict(rows(registry, november)))
    live(registry, 70)
    months = sa.select(Payment.month).where(Payment.state == "scheduled").distinct()

    assert before["scheduled"] > 20
    assert 0 == after["scheduled"]
    assert after["paid"] > before["paid"]
    assert {date(2027, 2, 1), date(2027, 3, 1)} == {month for (month,) in rows(registry, months)}


def test_amounts_are_those_of_the_programme_files_on_their_day(
    registry: RegistryDatabase,
) -> None:
    amounts = sa.select(Payment.amount).where(Payment.programme == "asd").distinct()
    expected = {f"{programme('asd').monthly_on(n, date(2026, 12, 1)):.2f}" for n in range(8)}

    assert {amount for (amount,) in rows(registry, amounts)} <= expected | {"500.00"}
    assert Decimal(200 * 3) == programme("asd_child").amount_on("first_three", date(2024, 1, 1)) * 3
    assert Decimal(936) == programme("asd").monthly_on(4, date(2026, 12, 1))
    assert Decimal("9.743001") == programme("asd_flat").limit_on(date(2026, 12, 1))
    assert 15 == programme("daam").days_for("appeal", date(2026, 12, 1))
    assert programme("tayssir").ended


def test_what_lies_ready_is_collected_or_lost(registry: RegistryDatabase) -> None:
    live(registry, 6)
    ready = sa.select(Payment.household_code, Payment.collect_by).where(
        Payment.state == "ready", Payment.changed_on.is_not(None)
    )
    waiting = rows(registry, ready)
    live(registry, 40)
    codes = [code for code, _ in waiting]
    became = sa.select(Payment.state, Payment.reason).where(
        Payment.household_code.in_(codes), Payment.month == date(2026, 11, 1)
    )

    assert waiting
    assert all(day == date(2026, 12, 28) for _, day in waiting)
    assert {row[0] for row in rows(registry, became)} <= {"paid", "failed"}


def test_an_index_is_recomputed_once_a_year_and_enrolments_follow_it(
    registry: RegistryDatabase,
) -> None:
    indexes = sa.select(Household.code, Household.index, Household.index_date).where(
        Household.rsu_status == "index_ready", Household.number > 0
    )
    before = {code: (index, day) for code, index, day in rows(registry, indexes)}
    live(registry, 430)
    after = {code: (index, day) for code, index, day in rows(registry, indexes)}
    limit = programme("asd").limit_on(date(2027, 6, 1))
    above = sa.select(Enrolment.status, Household.score).join(
        Household, Household.code == Enrolment.household_code
    )
    above = above.where(Enrolment.programme == "asd", Household.recomputed_on.is_not(None))

    assert limit is not None
    for code, (index, day) in before.items():
        assert day < after[code][1]
        assert abs(Decimal(index) - Decimal(after[code][0])) <= Decimal("0.7")
    assert {status for status, score in rows(registry, above) if score > float(limit)} <= {
        "suspended",
        "ended",
    }


def test_households_that_were_visited_get_their_first_index(registry: RegistryDatabase) -> None:
    waiting = sa.select(sa.func.count()).where(Household.rsu_status == "awaiting_visit")
    before = rows(registry, waiting)
    live(registry, 60)

    assert before > [(20,)]
    assert [(0,)] == rows(registry, waiting)


def test_complaints_are_answered_in_both_scripts(registry: RegistryDatabase) -> None:
    live(registry, 30)
    told = sa.select(Complaint.state, Complaint.answer, Complaint.answer_arabic)
    found = rows(registry, told)

    assert {"answered", "closed"} >= {state for state, _, _ in found}
    assert all(latin and arabic for state, latin, arabic in found if state == "answered")


def test_subscribers_are_told_of_what_happens_by_itself(registry: RegistryDatabase) -> None:
    paid = (
        sa.select(Person.idcs)
        .join(Payment, Payment.household_code == Person.household_code)
        .where(Payment.state == "scheduled", Payment.month == date(2026, 11, 1))
    )
    [(idcs,), *_] = rows(registry, paid.order_by(Person.idcs))
    with registry.write() as session:
        session.add(Subscription(code="a", idcs=idcs, kinds=["payment_changed"], told_at=""))
    live(registry, 5)
    [(message,), *_] = rows(registry, sa.select(Outgoing.message))
    [event] = message["message"]["notify_event"]

    assert "enrollement_status_change" == event["data"]["reg_event_type"]
    told = {
        one["key"]: one["value"] for one in event["data"]["reg_records"]["additional_attributes"]
    }
    assert ("payment_changed", "2026-11-01") == (told["event_kind"], told["month"])
