"""A citizen checks a registration, on each channel and in each language."""

from __future__ import annotations

import pytest

from tests.end_to_end.callers import (
    at_the_identifier,
    at_the_languages,
    day_first,
    dial_afresh,
)
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import LANGUAGES, door_said, flat, read_pages, said

pytestmark = pytest.mark.e2e

PAGE = {"gsm7": 160, "ucs2": 70}
# Different people, because the registry sends nobody many codes in a quarter of an hour.
OF = {
    "ar": "Index exactly at the ASD limit",
    "ary": "Index exactly at the AMO-Tadamon limit",
    "zgh": "Index above both limits",
    "fr": "Index between the limits",
}


def _key_of(language: str) -> str:
    return str(1 + LANGUAGES.index(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_number_on_file_needs_no_code_on_ussd(house: RunningHouse, language: str) -> None:
    citizen = house.citizen("Index below both limits")
    handset = dial_afresh(house.handset(citizen["phone"]))
    at_the_languages(handset)
    handset.press(_key_of(language))
    assert said(language, "utter_menu", "ussd") in flat(handset.screen.text)
    handset.press("1")
    screen = read_pages(handset)
    if said(language, "utter_ask_consent", "ussd") in screen:
        handset.press("1")
        screen = read_pages(handset)
    assert said(language, "utter_ask_idcs", "ussd") in screen
    handset.press(citizen["idcs"])
    assert said(language, "utter_ask_birth_date", "ussd") in read_pages(handset)
    year, month, day = citizen["birth_date"].split("-")
    handset.press(day + month + year)

    shown = read_pages(handset)

    assert said(language, "utter_rnp_registered", "ussd") in shown
    assert said(language, "utter_rsu_index_ready", "ussd") in shown
    assert said(language, "utter_household", "ussd") in shown
    assert "9,1204567" in shown
    assert said(language, "utter_programme_enrolled", "ussd") in shown
    assert said(language, "utter_no_promise", "ussd") in shown
    handset.press("00")
    assert said(language, "utter_menu", "ussd") in flat(handset.screen.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_redial_opens_at_the_code(house: RunningHouse, stranger: str, language: str) -> None:
    citizen = house.citizen("Index between the limits")
    before = len(house.inbox(citizen["phone"]))
    handset = house.handset(stranger)
    handset.dial("*555#")
    for keys in (_key_of(language), "1"):
        handset.press(keys)
    read_pages(handset)
    year, month, day = citizen["birth_date"].split("-")
    for keys in ("1", citizen["idcs"], f"{day}/{month}/{year}"):
        handset.press(keys)
    question = said(language, "utter_ask_code", "ussd")
    assert question in read_pages(handset)
    code = house.code_after(citizen["phone"], before)
    handset.cancel()

    handset.redial()

    assert question in read_pages(handset)
    handset.press(code)
    shown = read_pages(handset)
    assert said(language, "utter_rnp_registered", "ussd") in shown
    assert said(language, "utter_programme_suspended", "ussd") in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_new_number_dials_behind_the_code_follows_the_language(
    house: RunningHouse, stranger: str, language: str
) -> None:
    handset = house.handset(stranger)
    handset.dial("*555*1*1#")
    assert "Français" in handset.screen.text

    handset.press(_key_of(language))

    # Nobody agrees by dialling: the consent is there to be read.
    assert said(language, "utter_ask_consent", "ussd") in read_pages(handset)


def test_a_call_that_breaks_off_goes_on_at_its_question(house: RunningHouse, stranger: str) -> None:
    citizen = house.citizen("Index between the limits")
    handset = at_the_identifier(house.handset(stranger), "fr")
    handset.press(citizen["idcs"])
    handset.cancel()

    handset.redial()
    assert door_said("fr", "door_redial", "ussd") in flat(handset.screen.text)
    handset.press("1")

    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)
    handset.press(day_first(citizen["birth_date"]))
    assert said("fr", "utter_ask_code", "ussd") in read_pages(handset)


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_in_free_words_is_answered(
    house: RunningHouse, stranger: str, language: str, channel: str
) -> None:
    citizen = house.citizen(OF[language])
    before = len(house.inbox(citizen["phone"]))
    chat = house.chat(channel, stranger)
    # Too few words to tell their language.
    assert "Français" in flat(" ".join(chat.say("msejel f rsu?")))
    chat.say(_key_of(language))
    assert said(language, "utter_ask_consent", channel) in flat(" ".join(chat.hears))
    chat.say("1")
    assert said(language, "utter_ask_idcs", channel) in flat(" ".join(chat.hears))
    chat.say(citizen["idcs"])
    year, month, day = citizen["birth_date"].split("-")
    chat.say(f"{int(day)}/{int(month)}/{year}")
    assert said(language, "utter_ask_code", channel) in flat(" ".join(chat.hears))
    code = house.code_after(citizen["phone"], before)

    chat.say(f"{code[:3]} {code[3:]}")

    shown = flat(" ".join(chat.hears))
    assert said(language, "utter_rnp_registered", channel) in shown
    assert said(language, "utter_index", channel) in shown
    assert said(language, "utter_no_promise", channel) in shown


def test_every_screen_fits_its_page(house: RunningHouse, stranger: str) -> None:
    from channels.rendering.gsm7 import Encoding, measure

    for language in LANGUAGES:
        handset = house.handset(stranger)
        dial_afresh(handset)
        at_the_languages(handset)
        for keys in (_key_of(language), "3", "98", "00", "1", "98", "98", "0", "0"):
            handset.press(keys)
            measured = measure(handset.screen.text)
            limit = PAGE["gsm7" if measured.encoding is Encoding.GSM7 else "ucs2"]
            assert measured.units <= limit, handset.screen.text


def test_a_page_of_the_answer_can_be_turned_back(house: RunningHouse) -> None:
    citizen = house.citizen("Index above both limits")
    handset = dial_afresh(house.handset(citizen["phone"]))
    for keys in ("4", "1"):
        handset.press(keys)
    read_pages(handset)
    day, month, year = reversed(citizen["birth_date"].split("-"))
    for keys in ("1", citizen["idcs"], day + month + year):
        handset.press(keys)
    first = handset.screen.text

    handset.press("98")
    second = handset.screen.text
    handset.press("0")

    assert first != second
    assert first == handset.screen.text
