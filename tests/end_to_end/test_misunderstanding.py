"""A sentence that may mean two things: the citizen says which, and nothing given is lost by it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from sandbox.phone.client import Chat, Handset
from tests.end_to_end.callers import at_the_identifier, at_the_menu, day_first
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import LANGUAGES, flat, read_pages, said, title

pytestmark = pytest.mark.e2e

# Each may mean the registration and something else. A better model may come to be sure of one.
AMBIGUOUS = {
    "fr": [
        "mon dossier et mon argent",
        "jve savoir ou von mes info du rsu",
        "g un doute, mon inscription a marché ou non ?",
    ],
    "ary": [
        "واش الدوسي ديالنا باقي مفتوح ولا تسد",
        "المؤشر شحال فيه عافاك",
        "bghit n3ref chno 3ndkom 3liya",
    ],
}
GIBBERISH = "😀😀😀"

Say = Callable[[str], str]


def in_chat(chat: Chat) -> Say:
    return lambda text: flat(" ".join(chat.say(text)))


def on_ussd(handset: Handset) -> Say:
    def press(text: str) -> str:
        handset.press(text)
        return read_pages(handset)

    return press


def opened(chat: Chat, language: str) -> Say:
    """A chat at the menu."""
    chat.say("salam")
    chat.say(str(1 + LANGUAGES.index(language)))
    return in_chat(chat)


def number_of(heard: str, choice: str) -> str:
    """The number before a choice in what was heard; empty where it is not offered."""
    found = re.search(rf"(\d) {re.escape(choice)}", heard)
    return found.group(1) if found else ""


def ambiguous_about_the_registration(say: Say, language: str, kind: str) -> tuple[str, str]:
    """A sentence that makes the service ask whether the registration is meant, and the question."""
    registration = title(language, "utter_ask_meaning", "/check_registration", kind)
    for sentence in AMBIGUOUS[language]:
        heard = say(sentence)
        asked = said(language, "utter_ask_meaning", kind) in heard
        if asked and number_of(heard, registration):
            return sentence, heard
        say("00")
    raise AssertionError("none of the sentences is ambiguous any more: find others")


@pytest.mark.parametrize("language", ["fr", "ary"])
def test_in_a_chat_the_citizen_says_which_of_two_things_was_meant(
    house: RunningHouse, stranger: str, language: str
) -> None:
    say = opened(house.chat("whatsapp", stranger), language)
    _, heard = ambiguous_about_the_registration(say, language, "whatsapp")
    assert "3 " + title(language, "utter_ask_meaning", "/none_of_these", "whatsapp") in heard

    registration = title(language, "utter_ask_meaning", "/check_registration", "whatsapp")
    answer = say(number_of(heard, registration))

    assert said(language, "utter_ask_consent", "whatsapp") in answer


@pytest.mark.parametrize("language", ["fr", "ary"])
def test_on_ussd_the_citizen_says_which_of_two_things_was_meant(
    house: RunningHouse, stranger: str, language: str
) -> None:
    say = on_ussd(at_the_menu(house.handset(stranger), language))
    _, heard = ambiguous_about_the_registration(say, language, "ussd")

    registration = title(language, "utter_ask_meaning", "/check_registration", "ussd")
    answer = say(number_of(heard, registration))

    assert said(language, "utter_ask_consent", "ussd") in answer


def test_something_else_leads_to_the_menu(house: RunningHouse, stranger: str) -> None:
    say = opened(house.chat("whatsapp", stranger), "fr")
    ambiguous_about_the_registration(say, "fr", "whatsapp")

    assert said("fr", "utter_menu", "whatsapp") in say("3")


@pytest.mark.parametrize("between", [[], ["3"]], ids=["at once", "after something else"])
def test_twice_in_a_row_leads_to_the_menu_and_the_offer_of_a_person(
    house: RunningHouse, stranger: str, between: list[str]
) -> None:
    say = opened(house.chat("whatsapp", stranger), "fr")
    sentence, _ = ambiguous_about_the_registration(say, "fr", "whatsapp")
    for answer in between:
        say(answer)

    heard = say(sentence)

    assert said("fr", "utter_offer_person", "whatsapp") in heard
    assert said("fr", "utter_menu", "whatsapp") in heard
    assert "1 " + title("fr", "utter_offer_person", "/talk_to_agent", "whatsapp") in heard


def test_what_is_understood_between_makes_it_the_first_time_again(
    house: RunningHouse, stranger: str
) -> None:
    say = opened(house.chat("whatsapp", stranger), "fr")
    sentence, _ = ambiguous_about_the_registration(say, "fr", "whatsapp")
    say("merci")

    assert said("fr", "utter_ask_meaning", "whatsapp") in say(sentence)


def test_words_that_resemble_nothing_lead_straight_to_the_menu(
    house: RunningHouse, stranger: str
) -> None:
    heard = opened(house.chat("whatsapp", stranger), "fr")(GIBBERISH)

    nothing = ("utter_not_understood", "utter_out_of_scope")
    assert any(said("fr", key, "whatsapp") in heard for key in nothing)
    assert said("fr", "utter_menu", "whatsapp") in heard


@pytest.mark.parametrize("answer", ["the value itself", "1", "2", "3", "non"])
def test_in_the_form_nothing_given_is_lost(house: RunningHouse, stranger: str, answer: str) -> None:
    citizen = house.citizen("Index below both limits")
    other = opened(house.chat("whatsapp", stranger), "fr")
    sentence, _ = ambiguous_about_the_registration(other, "fr", "whatsapp")
    say = on_ussd(at_the_identifier(house.handset(citizen["phone"]), "fr"))
    say(citizen["idcs"])
    heard = say(sentence)
    assert said("fr", "utter_ask_meaning", "ussd") in heard
    assert said("fr", "utter_ask_birth_date", "ussd") not in heard
    if answer != "the value itself":
        assert said("fr", "utter_ask_birth_date", "ussd") in say(answer)

    shown = say(day_first(citizen["birth_date"]))

    # What was chosen is what is answered; the identifier is not asked for again in any case.
    assert said("fr", "utter_ask_idcs", "ussd") not in shown
    assert said("fr", "utter_ask_birth_date", "ussd") not in shown
    assert said("fr", "utter_not_matched", "ussd") not in shown


def test_twice_in_a_row_in_the_form_offers_a_person_and_the_question_stands(
    house: RunningHouse, stranger: str
) -> None:
    citizen = house.citizen("Index below both limits")
    other = opened(house.chat("whatsapp", stranger), "fr")
    sentence, _ = ambiguous_about_the_registration(other, "fr", "whatsapp")
    say = on_ussd(at_the_identifier(house.handset(citizen["phone"]), "fr"))
    say(citizen["idcs"])
    say(sentence)

    heard = say(sentence)

    assert said("fr", "utter_offer_person", "ussd") in heard
    assert said("fr", "utter_ask_birth_date", "ussd") in heard
    assert "2 " + title("fr", "utter_offer_person", "/home", "ussd") in heard
    shown = say(day_first(citizen["birth_date"]))
    assert said("fr", "utter_rnp_registered", "ussd") in shown


def test_at_the_consent_the_question_for_it_comes_again_and_no_other(
    house: RunningHouse, stranger: str
) -> None:
    say = opened(house.chat("whatsapp", stranger), "fr")
    sentence, _ = ambiguous_about_the_registration(say, "fr", "whatsapp")
    say("00")
    say("1")

    heard = say(sentence)

    assert said("fr", "utter_ask_meaning", "whatsapp") not in heard
    assert said("fr", "utter_not_understood", "whatsapp") in heard
    assert said("fr", "utter_ask_consent", "whatsapp") in heard
    assert said("fr", "utter_ask_idcs", "whatsapp") in say("1")
