"""The last payment and the next, why there is none, and whether the cover is active."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions.registry.port import Enrolment, EnrolmentStatus
from actions.registry.shapes import Cover, Payment, PaymentReason, PaymentState
from core.errors import RegistryUnavailable
from core.vault import SHOWN
from tests.builders import NOW
from tests.unit.actions.world import KHADIJA, Engine, World

THIS_MONTH = NOW.date().replace(day=1)


def a_month_before(month: date, months: int = 1) -> date:
    for _ in range(months):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def payment(months_ago: int, state: PaymentState, **changes: Any) -> Payment:
    month = a_month_before(THIS_MONTH, months_ago)
    fields: dict[str, Any] = {"programme": "asd", "month": month, "amount": Decimal(500)}
    return Payment(state=state, **(fields | changes))


def show(world: World, engine: Engine, programme: str = "", **file: Any) -> list[str]:
    """What the verified citizen hears of their money."""
    world.give(KHADIJA, **file)
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    engine.active = None
    engine.hear("track_benefit")
    engine.set_slot("programme", programme or None)
    return engine.run("action_show_benefits").keys


def test_the_next_payment_and_the_last_are_told_and_no_older_one(
    world: World, engine: Engine
) -> None:
    day = NOW.date()
    payments = (
        payment(0, PaymentState.SCHEDULED, day=day),
        payment(1, PaymentState.PAID, day=day),
        payment(2, PaymentState.PAID, day=day),
    )

    keys = show(world, engine, payments=payments)

    assert ["utter_payment_scheduled_on", "utter_payment_paid_on", "utter_benefits_next"] == keys


def test_no_day_is_said_that_the_registry_did_not_give(world: World, engine: Engine) -> None:
    keys = show(world, engine, payments=(payment(0, PaymentState.SCHEDULED),))

    assert "utter_payment_scheduled" == keys[0]
    assert all("date" not in values for _, values in engine.said)


def test_a_month_without_a_payment_is_said_to_be_one(world: World, engine: Engine) -> None:
    keys = show(world, engine, payments=(payment(1, PaymentState.PAID),))

    assert "utter_payment_none_this_month" in keys


@pytest.mark.parametrize("state", [PaymentState.FAILED, PaymentState.HELD])
@pytest.mark.parametrize("reason", list(PaymentReason))
def test_why_money_did_not_come_is_told(
    world: World, engine: Engine, state: PaymentState, reason: PaymentReason
) -> None:
    keys = show(world, engine, payments=(payment(0, state, reason=reason),))

    assert [f"utter_payment_{state.value}", f"utter_payment_reason_{reason.value}"] == keys[:2]


def test_money_that_waits_is_told_with_its_place_and_last_day(world: World, engine: Engine) -> None:
    waits = payment(0, PaymentState.READY, collect_at="Agence 12", collect_by=NOW.date())

    keys = show(world, engine, payments=(waits,))

    assert ["utter_payment_ready", "utter_payment_collect_at", "utter_payment_collect_by"] == (
        keys[:3]
    )


@pytest.mark.parametrize(
    ("cover", "key"),
    [
        (Cover("amo_tadamon", True), "utter_cover_active"),
        (Cover("amo_tadamon", True, until=NOW.date()), "utter_cover_active_until"),
        (Cover("amo_tadamon", False), "utter_cover_inactive"),
        (Cover("amo_tadamon", False, until=NOW.date()), "utter_cover_ended"),
    ],
)
def test_a_cover_is_active_or_it_is_not(
    world: World, engine: Engine, cover: Cover, key: str
) -> None:
    assert key == show(world, engine, covers=(cover,))[0]


def test_a_suspended_benefit_is_told(world: World, engine: Engine) -> None:
    suspended = Enrolment("asd", EnrolmentStatus.SUSPENDED, date(2024, 1, 1))

    assert "utter_benefit_suspended" in show(world, engine, enrolments=(suspended,))


def test_one_programme_is_told_alone_with_its_parts(world: World, engine: Engine) -> None:
    payments = (
        payment(0, PaymentState.PAID, programme="asd_child"),
        payment(0, PaymentState.PAID, programme="minhaty"),
    )

    keys = show(world, engine, "asd", payments=payments)

    assert 1 == keys.count("utter_payment_paid")


def test_who_receives_nothing_is_told_so(world: World, engine: Engine) -> None:
    assert ["utter_payment_none", "utter_benefits_next"] == show(world, engine)
    assert "utter_benefit_not_enrolled" == show(world, engine, "asd")[0]


def test_amounts_and_days_are_sealed(world: World, engine: Engine) -> None:
    show(world, engine, payments=(payment(0, PaymentState.PAID, day=NOW.date()),))

    values = dict(engine.said)["utter_payment_paid_on"]
    assert values["amount"].startswith(f"[[{SHOWN}:")
    assert values["date"].startswith(f"[[{SHOWN}:")


def test_a_register_that_does_not_answer_is_told(world: World, engine: Engine) -> None:
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    world.registry.failure = RegistryUnavailable("down")

    assert ["utter_registry_unavailable"] == engine.run("action_show_benefits").keys
