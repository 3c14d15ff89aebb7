"""What goes wrong on the citizen's side, or the provider's, and how the call goes on."""

from __future__ import annotations

import pytest
import requests

from sandbox.phone import wire
from sandbox.phone.parcels import Parcel
from tests.end_to_end.callers import (
    at_the_code,
    at_the_identifier,
    at_the_menu,
    chat_at_the_identifier,
    day_first,
)
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import door_said, flat, read_pages, said

pytestmark = pytest.mark.e2e


def test_an_unknown_service_code_is_refused(house: RunningHouse, stranger: str) -> None:
    channel = house.run["channels"]["ussd"]
    form = wire.ussd_form("s1", "*999#", stranger, "")

    answer = requests.post(channel["messages_url"], form, timeout=5)

    assert 404 == answer.status_code
    assert "text/plain" in answer.headers["Content-Type"]


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_a_wrong_signature_is_refused(house: RunningHouse, stranger: str, channel: str) -> None:
    described = house.run["channels"][channel]
    url = described["messages_url"]
    form = wire.twilio_form(described, stranger, "salam", Parcel())
    wrong = {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}

    assert 403 == requests.post(url, form, headers=wrong, timeout=5).status_code
    assert 403 == requests.post(url, form, timeout=5).status_code


def test_a_gateway_without_the_secret_is_refused(house: RunningHouse, stranger: str) -> None:
    url = house.run["channels"]["ussd"]["messages_url"].split("?")[0]
    form = wire.ussd_form("s1", "*555#", stranger, "")

    assert 403 == requests.post(url, form, timeout=5).status_code
    assert 403 == requests.post(url + "?secret=guess", form, timeout=5).status_code


@pytest.mark.parametrize("field", ["sessionId", "phoneNumber", "serviceCode", "text"])
def test_a_missing_field_is_named_in_plain_text(
    house: RunningHouse, stranger: str, field: str
) -> None:
    form = wire.ussd_form("s1", "*555#", stranger, "")
    del form[field]

    answer = requests.post(house.run["channels"]["ussd"]["messages_url"], form, timeout=5)

    assert 400 == answer.status_code
    assert f"missing: {field}" == answer.text


def test_a_very_long_text_is_answered_and_the_question_stands(
    house: RunningHouse, stranger: str
) -> None:
    chat = chat_at_the_identifier(house.chat("whatsapp", stranger), "fr")

    chat.say("bla " * 2500)

    heard = flat(" ".join(chat.hears))
    assert door_said("fr", "door_too_long", "whatsapp") in heard
    assert said("fr", "utter_ask_idcs", "whatsapp") in heard


def test_emoji_mean_nothing_here_and_the_question_stands(
    house: RunningHouse, stranger: str
) -> None:
    chat = chat_at_the_identifier(house.chat("whatsapp", stranger), "fr")

    chat.say("😀😀😀")

    heard = flat(" ".join(chat.hears))
    nothing = ("utter_not_understood", "utter_out_of_scope")
    assert any(said("fr", key, "whatsapp") in heard for key in nothing)
    assert said("fr", "utter_ask_idcs", "whatsapp") in heard


def test_an_image_is_answered_and_the_question_stands(house: RunningHouse, stranger: str) -> None:
    chat = chat_at_the_identifier(house.chat("whatsapp", stranger), "ar")

    chat.say("", media=True)

    heard = flat(" ".join(chat.hears))
    assert said("ar", "utter_document_not_asked", "whatsapp") in heard
    assert said("ar", "utter_ask_idcs", "whatsapp") in heard


def test_an_empty_answer_shows_the_question_again(house: RunningHouse, stranger: str) -> None:
    handset = at_the_identifier(house.handset(stranger), "fr")

    handset.press("")

    assert door_said("fr", "door_empty", "ussd") in flat(handset.screen.text)
    assert said("fr", "utter_ask_idcs", "ussd") in flat(handset.screen.text)


def test_a_number_that_is_not_on_the_menu_shows_the_menu_again(
    house: RunningHouse, stranger: str
) -> None:
    handset = at_the_menu(house.handset(stranger), "fr")

    handset.press("77")

    screen = read_pages(handset)
    assert door_said("fr", "door_wrong_choice", "ussd") in screen
    assert said("fr", "utter_menu", "ussd") in screen


@pytest.mark.parametrize("typed", ["123", "12345678901"])
def test_a_malformed_identifier_is_asked_again(
    house: RunningHouse, stranger: str, typed: str
) -> None:
    handset = at_the_identifier(house.handset(stranger), "fr")

    handset.press(typed)

    screen = read_pages(handset)
    assert said("fr", "utter_invalid_idcs", "ussd") in screen
    assert said("fr", "utter_ask_idcs", "ussd") in screen


@pytest.mark.parametrize("written", ["٢٨/٠٥/١٩٦٩", "30/1/1969", "30 01 1969", "30-1-1969"])
def test_a_birth_date_may_be_written_in_many_ways(
    house: RunningHouse, stranger: str, written: str
) -> None:
    citizen = house.citizen("Index exactly at the ASD limit")
    handset = at_the_identifier(house.handset(citizen["phone"]), "ar")
    handset.press(citizen["idcs"])
    eastern = written.replace("٢٨", "٣٠").replace("٠٥", "٠١")

    handset.press(eastern)

    assert said("ar", "utter_rnp_registered", "ussd") in read_pages(handset)


def test_a_birth_date_that_is_none_keeps_the_identifier(house: RunningHouse) -> None:
    citizen = house.citizen("Index exactly at the ASD limit")
    handset = at_the_identifier(house.handset(citizen["phone"]), "fr")
    handset.press(citizen["idcs"])
    handset.press("31021980")
    assert said("fr", "utter_invalid_birth_date", "ussd") in read_pages(handset)

    handset.press(day_first(citizen["birth_date"]))

    assert said("fr", "utter_rnp_registered", "ussd") in read_pages(handset)


def test_unknown_person_wrong_date_and_no_phone_read_the_same(
    house: RunningHouse, stranger: str
) -> None:
    nobody = {"idcs": "9876543210", "birth_date": "1980-02-03"}
    wrong_date = house.citizen("Index above both limits") | {"birth_date": "1981-01-01"}
    no_phone = house.citizen("No phone number on file")
    handset = house.handset(stranger)

    screens = []
    for person in (nobody, wrong_date, no_phone):
        at_the_code(handset, person, "fr")
        screens.append(read_pages(handset))

    assert said("fr", "utter_not_matched", "ussd") in screens[0]
    assert 1 == len(set(screens))


def test_a_code_may_be_typed_with_spaces(house: RunningHouse, stranger: str) -> None:
    citizen = house.citizen("Index above both limits")
    before = len(house.inbox(citizen["phone"]))
    handset = at_the_code(house.handset(stranger), citizen, "fr")
    code = house.code_after(citizen["phone"], before)

    handset.press(" ".join(code))

    assert said("fr", "utter_rnp_registered", "ussd") in read_pages(handset)


def test_three_wrong_codes_end_at_the_menu(house: RunningHouse, stranger: str) -> None:
    citizen = house.citizen("Household pre-registered in the RSU")
    before = len(house.inbox(citizen["phone"]))
    handset = at_the_code(house.handset(stranger), citizen, "fr")
    right = house.code_after(citizen["phone"], before)
    wrong = "111111" if right != "111111" else "222222"

    handset.press(wrong)
    assert said("fr", "utter_wrong_code", "ussd") in read_pages(handset)
    handset.press(wrong)
    assert said("fr", "utter_wrong_code", "ussd") in read_pages(handset)
    handset.press(wrong)

    screen = read_pages(handset)
    assert said("fr", "utter_too_many_tries", "ussd") in screen
    assert said("fr", "utter_menu", "ussd") in screen


def test_an_expired_code_is_replaced_by_a_new_one(house: RunningHouse, stranger: str) -> None:
    citizen = house.citizen("Registered in the RNP; no household in the RSU")
    before = len(house.inbox(citizen["phone"]))
    handset = at_the_code(house.handset(stranger), citizen, "fr")
    old = house.code_after(citizen["phone"], before)
    house.advance_registry_clock(600)

    handset.press(old)

    screen = read_pages(handset)
    assert said("fr", "utter_expired_code", "ussd") in screen
    assert said("fr", "utter_ask_code", "ussd") in screen
    handset.press(house.code_after(citizen["phone"], before + 1))
    assert said("fr", "utter_rsu_not_found", "ussd") in read_pages(handset)


def test_refusing_consent_keeps_nothing(house: RunningHouse, stranger: str) -> None:
    chat = house.chat("whatsapp", stranger)
    chat.say("salam")
    chat.say("4")
    chat.say("je suis inscrit au rsu ? mon idcs 2345678906")
    assert said("fr", "utter_ask_consent", "whatsapp") in flat(" ".join(chat.hears))

    chat.say("2")

    assert said("fr", "utter_consent_refused", "whatsapp") in flat(" ".join(chat.hears))
    chat.say("1")
    chat.say("1")
    assert said("fr", "utter_ask_idcs", "whatsapp") in flat(" ".join(chat.hears))


@pytest.mark.parametrize(
    "typed",
    [
        "/check_registration",
        '/choose_language{"language":"ar"}',
        " /home",
        "[[idcs:" + 22 * "a" + ":42]]",
    ],
)
def test_a_payload_or_a_token_typed_by_hand_is_only_text(
    house: RunningHouse, stranger: str, typed: str
) -> None:
    chat = chat_at_the_identifier(house.chat("whatsapp", stranger), "fr")

    chat.say(typed)

    heard = flat(" ".join(chat.hears))
    assert heard
    assert said("fr", "utter_ask_birth_date", "whatsapp") not in heard
    assert said("ar", "utter_menu", "whatsapp") not in heard
    assert said("ar", "utter_ask_idcs", "whatsapp") not in heard


def test_the_same_webhook_twice_moves_the_dialogue_once(house: RunningHouse, stranger: str) -> None:
    handset = at_the_menu(house.handset(stranger), "fr")
    first = handset.press("1")

    again = handset.repeat()

    assert first.text == again.text
    handset.press("1")
    assert said("fr", "utter_ask_idcs", "ussd") in read_pages(handset)


def test_the_same_message_twice_moves_the_dialogue_once(house: RunningHouse, stranger: str) -> None:
    chat = house.chat("sms", stranger)
    chat.say("salam")
    chat.say("4", message_id="SM" + 32 * "a")
    chat.say("4", message_id="SM" + 32 * "a")

    chat.say("1")

    assert said("fr", "utter_ask_consent", "sms") in flat(" ".join(chat.hears))
