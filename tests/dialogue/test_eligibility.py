"""Am I entitled? Compared with the limit of the day, never promised."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_at_the_limit_is_within_it_and_one_above_is_not(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    citizen = house.citizen("Index exactly at the ASD limit")
    asking = talk(kind, citizen["phone"])
    asking.choose("utter_menu", "/check_eligibility")
    asking.verify(citizen)

    assert asking.heard("utter_programme_within")
    assert asking.heard("utter_programme_above")
    assert asking.heard("utter_eligibility_next_any")
    assert asking.offers("utter_eligibility_next_any", "/apply")


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_programme_is_answered_for_itself_when_it_is_named(
    house: RunningHouse, talk: Begin, language: str
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.USSD, citizen["phone"], language)
    asking.say("wach 3ndi l7a9 f AMO tadamon")
    asking.verify(citizen)

    assert "AMO" in asking.hears or "أمو" in asking.hears
    assert asking.heard("utter_programme_above")
    assert not asking.heard("utter_programme_within")


def test_without_a_household_the_way_to_register_is_told(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("no household in the RSU")
    asking = talk(ChannelKind.USSD, citizen["phone"])
    asking.choose("utter_menu", "/check_eligibility")
    asking.verify(citizen)

    assert asking.heard("utter_eligibility_no_household")


def test_without_an_index_nothing_is_compared(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Household registered, no index yet")
    asking = talk(ChannelKind.USSD, citizen["phone"])
    asking.choose("utter_menu", "/check_eligibility")
    asking.verify(citizen)

    assert asking.heard("utter_eligibility_no_index")


def test_a_refused_consent_shows_nothing_of_a_person(house: RunningHouse, talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.choose("utter_menu", "/check_eligibility")
    asking.choose("utter_ask_consent", "/deny")

    assert asking.heard("utter_consent_refused")
    assert not asking.heard("utter_ask_idcs")


def test_help_in_between_is_answered_and_the_question_comes_back(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/check_eligibility")
    asking.consent()
    asking.say("aide")

    assert asking.heard("utter_help")
    assert asking.heard("utter_ask_idcs")
    asking.verify(citizen)
    assert asking.heard("utter_programme_above")


def test_a_wrong_identifier_is_corrected_by_going_back(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.USSD, citizen["phone"])
    asking.choose("utter_menu", "/check_eligibility")
    asking.consent()
    asking.say("2111111116")
    asking.say("0")
    asking.verify(citizen)

    assert asking.heard("utter_programme_above")


def test_while_the_register_is_away_the_citizen_is_told_and_tries_again(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.USSD, citizen["phone"])
    asking.choose("utter_menu", "/check_eligibility")
    asking.consent()
    asking.say(citizen["idcs"])
    year, month, day = citizen["birth_date"].split("-")
    with house.stalled("registry"):
        asking.say(day + month + year)
        assert asking.heard("utter_registry_unavailable")

    asking.choose("utter_registry_unavailable", "/try_again")

    assert asking.heard("utter_programme_above")
