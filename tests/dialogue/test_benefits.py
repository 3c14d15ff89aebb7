"""Was I paid? From the menu, in four hops once the citizen is verified, in every language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]
PAID = "Index below both limits"
TROUBLED = "Money waits to be collected"


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_payment_and_the_cover_are_told(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    citizen = house.citizen(PAID)
    asking = talk(kind, citizen["phone"])
    asking.choose("utter_menu", "/track_benefit")
    asking.verify(citizen)

    assert asking.heard("utter_payment_paid_on") or asking.heard("utter_payment_paid")
    assert asking.heard("utter_cover_active")
    assert asking.offers("utter_benefits_next", "/report_problem")


@pytest.mark.parametrize("language", LANGUAGES)
def test_once_verified_a_payment_is_four_hops_away(
    house: RunningHouse, talk: Begin, language: str
) -> None:
    citizen = house.citizen(PAID)
    asking = talk(ChannelKind.USSD, citizen["phone"], language)
    asking.choose("utter_menu", "/check_registration")
    asking.verify(citizen)
    asking.say("00")
    before = asking.hops

    asking.choose("utter_menu", "/track_benefit")

    assert asking.heard("utter_payment_paid_on")
    assert asking.hops - before <= 4


def test_money_that_waits_and_money_that_failed_are_told_with_the_reason(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen(TROUBLED)
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.say("fin lflous dyali mazal ma wslo")
    asking.verify(citizen)

    assert asking.heard("utter_payment_ready")
    assert asking.heard("utter_payment_collect_at")


def test_who_receives_nothing_is_told_so(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.USSD, citizen["phone"])
    asking.choose("utter_menu", "/track_benefit")
    asking.verify(citizen)

    assert asking.heard("utter_payment_none")


def test_a_refused_consent_shows_no_money(talk: Begin) -> None:
    asking = talk(ChannelKind.SMS)
    asking.choose("utter_menu", "/track_benefit")
    asking.choose("utter_ask_consent", "/deny")

    assert asking.heard("utter_consent_refused")


def test_another_question_in_between_is_answered_first(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/track_benefit")
    asking.consent()
    asking.say("aide")

    assert asking.heard("utter_help")
    assert asking.heard("utter_ask_idcs")


def test_a_wrong_birth_date_is_corrected(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.USSD, citizen["phone"])
    asking.choose("utter_menu", "/track_benefit")
    asking.consent()
    asking.say(citizen["idcs"])
    asking.say("31/02/1990")
    assert asking.heard("utter_invalid_birth_date")
    year, month, day = citizen["birth_date"].split("-")

    asking.say(f"{day}/{month}/{year}")

    assert asking.heard("utter_payment_none")


def test_while_the_register_is_away_nothing_is_lost(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen(PAID)
    asking = talk(ChannelKind.USSD, citizen["phone"])
    asking.choose("utter_menu", "/check_registration")
    asking.verify(citizen)
    asking.say("00")
    with house.stalled("registry"):
        asking.choose("utter_menu", "/track_benefit")
        assert asking.heard("utter_registry_unavailable")

    asking.choose("utter_registry_unavailable", "/try_again")

    assert asking.heard("utter_payment_paid_on")
