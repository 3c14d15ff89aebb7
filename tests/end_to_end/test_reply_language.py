"""A citizen writes in their language, in their letters, and is answered so, without a menu."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from sandbox.phone.client import Chat
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import LANGUAGES, door_said, flat, said

pytestmark = pytest.mark.e2e

TIFINAGH = re.compile("[\u2d30-\u2d7f]")
CONSENT, LANGUAGE_MENU = "utter_ask_consent", "utter_ask_language"
# The registration is asked for, so that the form's first question must follow.
FIRST_WORDS = {
    "fr": "Bonjour, je voudrais savoir si je suis inscrit au RSU",
    "ary": "wach ana msejel f rsu ola la",
    "ar": "أريد أن أعرف هل أنا مسجل في السجل الاجتماعي الموحد",
}

Say = Callable[[str], str]


def say_in(chat: Chat) -> Say:
    return lambda text: flat(" ".join(chat.say(text)))


@pytest.fixture
def say(house: RunningHouse, stranger: str) -> Say:
    """A chat on WhatsApp of a number nobody knows yet."""
    return say_in(house.chat("whatsapp", stranger))


@pytest.mark.parametrize("language", FIRST_WORDS)
def test_a_first_message_is_answered_in_its_language_without_the_menu(
    say: Say, language: str
) -> None:
    heard = say(FIRST_WORDS[language])

    assert said(language, CONSENT, "whatsapp") in heard
    assert door_said(language, "door_language_adopted", "whatsapp") in heard
    assert said(language, LANGUAGE_MENU, "whatsapp") not in heard
    # It holds for what follows, and is not said again.
    again = say("1")
    assert said(language, "utter_ask_idcs", "whatsapp") in again
    assert door_said(language, "door_language_adopted", "whatsapp") not in again


def test_it_is_the_numbers_language_on_every_channel(house: RunningHouse, stranger: str) -> None:
    say_in(house.chat("whatsapp", stranger))(FIRST_WORDS["fr"])
    handset = house.handset(stranger)
    handset.dial()

    assert said("fr", "utter_menu", "ussd") in flat(handset.screen.text)


def test_on_sms_it_is_the_same(house: RunningHouse, stranger: str) -> None:
    heard = say_in(house.chat("sms", stranger))(FIRST_WORDS["fr"])

    assert said("fr", CONSENT, "sms") in heard


def test_a_greeting_of_some_words_opens_at_the_menu(say: Say) -> None:
    heard = say("bonjour à vous, j'espère que vous allez bien")

    assert said("fr", "utter_menu", "whatsapp") in heard
    assert said("fr", "utter_menu", "whatsapp") in say("00")


def test_tifinagh_is_answered_in_tifinagh(say: Say) -> None:
    heard = say("ⵎⴰⵏⵉ ⴳ ⵍⵍⴰⵏ ⵉⵇⴰⵔⵉⴹⵏ ⵉⵏⵓ")

    assert door_said("zgh", "door_language_adopted", "whatsapp") in heard
    assert TIFINAGH.search(say("00"))


def test_amazigh_in_latin_letters_is_answered_in_latin_letters(say: Say) -> None:
    heard = say("mani gh llan lflus inu")
    menu = say("00")

    assert door_said("zgh", "door_language_adopted", "sms") in heard
    assert not TIFINAGH.search(heard + menu)
    assert said("zgh", "utter_menu", "sms") in menu
    # Until they write Tifinagh.
    assert TIFINAGH.search(say("ⵎⴰⵏⵉ ⴳ ⵍⵍⴰⵏ ⵉⵇⴰⵔⵉⴹⵏ ⵉⵏⵓ"))


def opened(say: Say, language: str) -> Say:
    say("salam")
    say(str(1 + LANGUAGES.index(language)))
    return say


def test_another_language_is_offered_once_and_its_name_switches(say: Say) -> None:
    opened(say, "ary")
    offer = door_said("fr", "door_language_offer", "whatsapp")
    first = say("je ne sais pas quoi faire demain avec mes enfants")
    second = say("je cherche une recette de tajine aux pruneaux")

    assert offer in first and offer not in second
    assert said("fr", "utter_menu", "whatsapp") not in first + second
    assert said("fr", "utter_menu", "whatsapp") in say("français")


@pytest.mark.parametrize(
    ("used", "name"), [("fr", "الدارجة"), ("fr", "ⵜⴰⵎⴰⵣⵉⵖⵜ"), ("ary", "العربية")]
)
def test_the_name_that_an_offer_tells_chooses_the_language(say: Say, used: str, name: str) -> None:
    chosen = {"الدارجة": "ary", "ⵜⴰⵎⴰⵣⵉⵖⵜ": "zgh", "العربية": "ar"}[name]

    assert said(chosen, "utter_menu", "whatsapp") in opened(say, used)(name)


def test_in_the_form_an_offer_leaves_the_question_standing(say: Say) -> None:
    opened(say, "ary")("1")
    heard = say("je ne comprends pas ce que vous me demandez")

    assert door_said("fr", "door_language_offer", "whatsapp") in heard
    assert said("ary", CONSENT, "whatsapp") in heard
    assert said("ary", "utter_ask_idcs", "whatsapp") in say("1")


def test_in_the_form_asked_for_the_language_a_sentence_answers_it(say: Say) -> None:
    say("RSU?")
    heard = say("je voudrais savoir si je suis inscrit")

    assert said("fr", CONSENT, "whatsapp") in heard


@pytest.mark.parametrize("word", ["oui", "ok", "merci", "non", "stop"])
@pytest.mark.parametrize("used", [None, "ary"])
def test_one_word_never_chooses_nor_offers_a_language(
    say: Say, used: str | None, word: str
) -> None:
    if used:
        opened(say, used)
    heard = say(word)

    assert door_said("fr", "door_language_offer", "whatsapp") not in heard
    assert door_said("fr", "door_language_adopted", "whatsapp") not in heard
    assert said(used or "ar", LANGUAGE_MENU if used is None else "utter_menu", "whatsapp") in (
        heard if used is None else say("00")
    )
