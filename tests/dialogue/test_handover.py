"""A person is wanted: a place in the queue with its hours, and the bot goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.conftest import KINDS
from tests.dialogue.stores import pseudonyms, rows
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]
_MINE = (
    "select state, channel, language, reason, length(sealed) from handovers where number_key = ?"
)


def _asked(asking: Talk) -> Talk:
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/talk_to_agent")
    assert asking.heard("utter_person_open") or asking.heard("utter_person_closed"), asking.hears
    assert asking.heard("utter_person_where")
    return asking


@pytest.mark.parametrize("kind", KINDS)
def test_who_wants_a_person_stands_in_the_queue_and_may_leave_it(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    asking = _asked(talk(kind))
    key = pseudonyms(house).number(asking.number)
    ((state, channel, language, _, sealed),) = rows(house, _MINE, key)
    assert ("waiting", kind.value, "fr") == (state, channel, language)
    assert sealed > len(asking.number)
    asking.choose("utter_person_next", "/cancel_handover")

    assert asking.heard("utter_person_cancelled")
    ((state, *_, sealed),) = rows(house, _MINE, key)
    assert ("cancelled", 0) == (state, sealed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_place_is_told_in_every_language(talk: Begin, language: str) -> None:
    _asked(talk(ChannelKind.USSD, language=language))


def test_asking_twice_keeps_the_place(house: RunningHouse, talk: Begin) -> None:
    asking = _asked(talk(ChannelKind.WHATSAPP))
    asking.say("je veux parler à un conseiller humain")

    assert asking.heard("utter_person_where")
    assert 1 == len(rows(house, _MINE, pseudonyms(house).number(asking.number)))


def test_a_person_is_asked_for_in_between_and_the_question_comes_back(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP)
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    asking.say("je veux parler à quelqu'un")

    assert asking.heard("utter_person_where")
    assert asking.heard("utter_ask_idcs")
    ((_, _, _, reason, _),) = rows(house, _MINE, pseudonyms(house).number(asking.number))
    assert "check_registration" == reason
    asking.verify(citizen)
    assert asking.heard("utter_rnp_registered")
