"""Households, payments and covers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.registry.shapes import PaymentReason, PaymentState
from tests.contract.registry import people
from tests.contract.registry.worlds import World


@pytest.fixture
def world(any_world: World) -> World:
    """In every manner of speaking."""
    return any_world


def test_a_household_is_told_oldest_first_with_the_person_in_it(world: World) -> None:
    members = world.registry.members(people.FATIMA, "fr")

    assert 5 == len(members)
    assert sorted(members, key=lambda member: (member.birth_date, member.idcs)) == list(members)
    assert people.FATIMA in {member.idcs for member in members}


def test_names_are_in_the_letters_of_the_language(world: World) -> None:
    fatima = {
        language: next(
            member.given_name
            for member in world.registry.members(people.FATIMA, language)
            if member.idcs == people.FATIMA
        )
        for language in world.languages
    }

    assert "Fatima" == fatima["fr"]
    assert fatima.get("ar", "فاطمة") == "فاطمة"


@pytest.mark.parametrize("idcs", [people.SALMA, people.NOBODY, "", "\ud800"])
def test_without_a_household_there_is_nothing(world: World, idcs: str) -> None:
    assert () == world.registry.members(idcs, "fr")
    assert () == world.registry.payments(idcs, "fr")
    assert () == world.registry.covers(idcs, "fr")


def test_payments_come_newest_month_first_and_the_next_is_known(world: World) -> None:
    payments = world.registry.payments(people.FATIMA, "fr")

    months = [payment.month for payment in payments]
    assert sorted(months, reverse=True) == months
    assert {PaymentState.PAID, PaymentState.SCHEDULED} == {one.state for one in payments}
    assert all(1 == month.day for month in months)
    assert PaymentState.SCHEDULED is payments[0].state
    assert payments[0].day is not None


def test_an_amount_is_exact(world: World) -> None:
    payments = world.registry.payments(people.MUSTAPHA, "fr")

    assert Decimal("972.00") in {payment.amount for payment in payments}
    assert all(-2 == payment.amount.as_tuple().exponent for payment in payments)


def test_money_that_waits_is_told_with_where_and_until_when(world: World) -> None:
    (ready,) = (
        payment
        for payment in world.registry.payments(people.MUSTAPHA, "fr")
        if payment.state is PaymentState.READY
    )

    assert "Agence d'essai, Agadir" == ready.collect_at
    assert ready.collect_by is not None


def test_why_there_was_no_money_is_told(world: World) -> None:
    told = {
        (payment.state, payment.reason)
        for idcs in (people.MUSTAPHA, people.AICHA)
        for payment in world.registry.payments(idcs, "fr")
        if payment.reason
    }

    assert {
        (PaymentState.FAILED, PaymentReason.ACCOUNT_INVALID),
        (PaymentState.FAILED, PaymentReason.NOT_COLLECTED),
        (PaymentState.HELD, PaymentReason.UNDER_REVIEW),
        (PaymentState.HELD, PaymentReason.DATA_TO_UPDATE),
    } == told


def test_a_cover_is_active_or_told_since_when_it_is_not(world: World) -> None:
    covers = {cover.programme: cover for cover in world.registry.covers(people.HANANE, "fr")}

    assert {"amo_tadamon", "amo_achamil"} == set(covers)
    assert covers["amo_achamil"].is_active
    assert covers["amo_achamil"].until is None
    assert not covers["amo_tadamon"].is_active
    assert covers["amo_tadamon"].until is not None


def test_money_is_no_cover(world: World) -> None:
    assert ["amo_tadamon"] == [one.programme for one in world.registry.covers(people.FATIMA, "fr")]
