"""Which aids there are, and what each is: told to anybody, from the files, for today."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.catalogue_talk import OFFERED, PROGRAMMES, is_told, pick
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


def listed(asking: Talk) -> Talk:
    """Ask by the menu which aids there are."""
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/list_programmes")
    assert asking.heard("utter_programmes"), asking.hears
    return asking


@pytest.mark.parametrize("kind", KINDS)
def test_an_aid_is_told_with_its_amount_its_place_and_the_way_on(
    talk: Begin, kind: ChannelKind
) -> None:
    asking = listed(talk(kind))
    asd = pick(asking, "asd")

    assert asd.summary and asd.place
    assert is_told(asking, asd.summary.in_language("fr"))
    assert "500" in asking.hears
    assert not asking.heard("utter_ask_consent")
    pick(asking, "birth_grant")
    assert "2 000" in asking.hears
    assert asking.heard("utter_programme_within_another")
    if kind is ChannelKind.USSD:
        conditions = '/see_conditions{"programme":"{programme_key}"}'
        asking.choose("utter_programme_next", conditions)
    assert is_told(asking, asd.place.in_language("fr"))
    assert asking.heard("utter_days_decision")
    assert asking.heard("utter_days_appeal")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_aid_and_register_that_is_listed_can_be_chosen(talk: Begin, language: str) -> None:
    asking = talk(ChannelKind.USSD, language=language)
    for key in OFFERED:
        listed(asking)
        programme = pick(asking, key)
        assert programme.summary is not None
        assert is_told(asking, programme.summary.in_language(language)), key
        asking.say("00")


def test_a_name_in_free_words_is_answered_without_the_menu(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.say("c'est quoi les aides comme AMO Achamil ?")

    summary = PROGRAMMES["amo_achamil"].summary
    assert summary and is_told(asking, summary.in_language("fr")), asking.hears


def test_what_has_ended_is_said_with_what_took_its_place(talk: Begin) -> None:
    asking = talk(ChannelKind.SMS)
    asking.say("quelles aides existent, un million de cartables ?")

    assert asking.heard("utter_programme_ended"), asking.hears
    assert "300" in asking.hears


def test_asked_during_the_identity_questions_it_is_answered_and_the_question_comes_back(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/check_eligibility")
    asking.consent()
    asking.say("quelles sont les aides qui existent ?")

    assert asking.heard("utter_programmes_named"), asking.hears
    assert asking.heard("utter_ask_idcs")
    asking.verify(citizen)
    assert asking.heard("utter_programme_above")


def test_from_an_aid_one_goes_on_to_ask_whether_one_is_entitled(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = listed(talk(ChannelKind.USSD, citizen["phone"]))
    pick(asking, "amo_tadamon")
    asking.choose("utter_programme_next", '/check_eligibility{"programme":"{programme_key}"}')
    asking.verify(citizen)

    assert asking.heard("utter_programme_above")
    assert not asking.heard("utter_programme_within")


def test_it_is_told_while_the_register_is_away(house: RunningHouse, talk: Begin) -> None:
    with house.stalled("registry"):
        asking = listed(talk(ChannelKind.USSD))
        pick(asking, "rsu")

    assert asking.offers("utter_register_next", '/apply{"programme":"{programme_key}"}')
