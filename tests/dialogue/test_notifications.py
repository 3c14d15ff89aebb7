"""Messages stop at a word, in whatever state, and begin again at a word."""

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
CHATS = [kind for kind in KINDS if kind is not ChannelKind.USSD]


def has_opted_out(house: RunningHouse, number: str) -> bool:
    """Whether the records hold a refusal of messages for a number."""
    key = pseudonyms(house).number(number)
    found = rows(house, "select opted_out from numbers where number_key = ?", key)
    return bool(found and found[0][0])


@pytest.mark.parametrize("kind", KINDS)
def test_the_menu_says_how_it_stands_and_offers_the_other(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    asking = talk(kind)
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/notifications")
    assert asking.heard("utter_messages_sent")
    asking.choose("utter_messages_sent", "/stop_notifications")
    assert asking.heard("utter_messages_stopped")
    assert has_opted_out(house, asking.number)
    asking.choose("utter_messages_stopped", "/start_notifications")

    assert asking.heard("utter_messages_sent")
    assert not has_opted_out(house, asking.number)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CHATS)
def test_stop_is_honoured_in_the_middle_of_a_question_and_start_undoes_it(
    house: RunningHouse, talk: Begin, kind: ChannelKind, language: str
) -> None:
    asking = talk(kind, language=language)
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    asking.say("STOP.")

    assert asking.heard("utter_messages_stopped")
    assert not asking.heard("utter_ask_idcs")
    assert has_opted_out(house, asking.number)
    asking.say("start")
    assert asking.heard("utter_messages_sent")
    assert not has_opted_out(house, asking.number)


def test_a_sentence_in_between_stops_the_messages_and_the_question_comes_back(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP)
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    asking.say("ne m'envoyez plus de messages svp")

    assert asking.heard("utter_messages_are_stopped")
    assert asking.heard("utter_ask_idcs")
    assert has_opted_out(house, asking.number)
    asking.verify(citizen)
    assert asking.heard("utter_rnp_registered")
