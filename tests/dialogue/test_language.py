"""Another language, and the letters of Amazigh, from the menu and in the middle of a question."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.words import said

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]
TIFINAGH = re.compile("[\u2d30-\u2d6f]")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_chosen_from_the_menu_by_digits(
    talk: Begin, kind: ChannelKind, language: str
) -> None:
    asking = talk(kind, language="fr" if language != "fr" else "ar")
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/change_language")
    asking.say(str(1 + LANGUAGES.index(language)))
    asking.language = language
    if asking.heard("utter_ask_script"):
        asking.choose("utter_ask_script", '/choose_script{"script":"Tfng"}')

    assert asking.heard("utter_menu")


def test_the_letters_of_amazigh_are_chosen_and_stay(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP, language="zgh")
    assert TIFINAGH.search(asking.hears)
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/change_language")
    asking.say("3")

    asking.choose("utter_ask_script", '/choose_script{"script":"Latn"}')

    assert not TIFINAGH.search(asking.hears)
    assert not TIFINAGH.search(asking.say("00"))


def test_feature_phones_are_not_asked_for_letters_they_cannot_show(talk: Begin) -> None:
    for kind in (ChannelKind.USSD, ChannelKind.SMS):
        asking = talk(kind, language="zgh")

        assert not TIFINAGH.search(asking.hears)
        assert asking.heard("utter_menu")


def test_a_language_changed_in_the_middle_comes_back_to_the_question(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    asking.say("bghit l3arbiya")

    answered = [said(one, "utter_ask_idcs", "whatsapp") in asking.hears for one in ("ar", "ary")]
    assert any(answered) or "العربية" in asking.hears
