"""Life in the registry: applications go on as its clock does, and the same life every time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.registry.counter_tables import Application, Payment
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.life.days import catch_up
from sandbox.registry.programmes import programme
from sandbox.registry.tables import Enrolment, Household, Person
from tests.unit.sandbox.registry.living import BEGIN, an_applicant, live, rows, state_of


@given(st.lists(st.integers(min_value=1, max_value=60), min_size=2, max_size=6))
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_it_is_the_same_life_in_one_leap_and_in_many_steps(
    make: Callable[..., RegistryDatabase], steps: list[int]
) -> None:
    leaps, walks = make(), make()
    live(leaps, sum(steps))
    for days in steps:
        live(walks, days)

    assert state_of(leaps) == state_of(walks)


def test_another_seed_is_another_life_of_the_same_people(
    make: Callable[..., RegistryDatabase],
) -> None:
    one, other = make(seed=1), make(seed=2)
    people = sa.select(Person.idcs).order_by(Person.rank)
    before = rows(one, people) == rows(other, people)
    for registry in (one, other):
        live(registry, 60)

    assert before
    assert state_of(one) != state_of(other)


def test_nothing_happens_twice_and_nothing_before_its_day(registry: RegistryDatabase) -> None:
    before = state_of(registry)
    live(registry, 0)
    at_once = state_of(registry)
    live(registry, 30)
    after = state_of(registry)
    catch_up(registry)

    assert before == at_once != after
    assert after == state_of(registry)


def test_a_clock_that_is_set_back_undoes_nothing(registry: RegistryDatabase) -> None:
    live(registry, 40)
    after = state_of(registry)

    assert 0 == live(registry, -30) == live(registry, 30)
    assert after == state_of(registry)


def test_every_application_is_decided_within_the_days_of_the_rules(
    registry: RegistryDatabase,
) -> None:
    undecided = sa.select(Application.state, sa.func.count()).group_by(Application.state)
    before = dict(rows(registry, undecided))
    live(registry, 30)
    after = dict(rows(registry, undecided))
    late = sa.select(Application.id).where(Application.state.in_(("received", "in_review")))

    assert {"received", "in_review"} <= set(before)
    assert [] == rows(registry, late)
    assert after["accepted"] > before["accepted"]


def test_who_is_accepted_is_enrolled_and_paid_from_the_next_month_on(
    registry: RegistryDatabase,
) -> None:
    home = an_applicant(registry, "asd", Decimal("9.1"))
    live(registry, 30)
    [(state, since)] = rows(
        registry,
        sa.select(Application.state, Application.since).where(Application.household_code == home),
    )
    live(registry, 62)
    enrolled = sa.select(Enrolment.status, Enrolment.since).where(
        Enrolment.household_code == home, Enrolment.programme == "asd"
    )
    paid = sa.select(Payment.month, Payment.state, Payment.amount).where(
        Payment.household_code == home
    )

    assert "accepted" == state
    assert [("active", since)] == rows(registry, enrolled)
    months = {month: (state, amount) for month, state, amount in rows(registry, paid)}
    assert date(2027, 1, 1) in months
    assert {f"{programme('asd').monthly_on(0, date(2027, 1, 1)):.2f}"} == {
        amount for _, amount in months.values()
    }
    assert "scheduled" == months[date(2027, 3, 1)][0] != months[date(2027, 1, 1)][0]


def test_an_index_above_the_limit_is_the_reason_of_a_refusal(registry: RegistryDatabase) -> None:
    home = an_applicant(registry, "asd", Decimal("9.7430011"))
    live(registry, 30)
    told = sa.select(Application.state, Application.reason, Application.appeal_by).where(
        Application.household_code == home
    )
    [(state, reason, appeal_by)] = rows(registry, told)

    assert ("refused", "index_above_limit") == (state, reason)
    assert appeal_by > BEGIN


def test_a_household_without_an_index_waits_for_it(registry: RegistryDatabase) -> None:
    home = an_applicant(registry, "asd", None)
    waiting = sa.select(Application.state).where(Application.household_code == home)
    live(registry, 31)
    still = rows(registry, waiting)
    index = sa.update(Household).where(Household.code == home).values(index="9.0", score=9.0)
    with registry.write() as session:
        session.execute(index)
    live(registry, 16)

    assert [("in_review",)] == still
    assert [("in_review",)] != rows(registry, waiting)
