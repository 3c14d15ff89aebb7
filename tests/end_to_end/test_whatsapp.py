"""WhatsApp as a citizen has it: choices are tapped, files are sent, and a number may be hidden."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from channels.rendering.labels import labels
from locales.catalogs import Catalogs
from sandbox.phone.chat import Chat
from tests.end_to_end.running_house import RunningHouse, wait_for
from tests.end_to_end.words import door_said, flat, said, title

LANGUAGES = ("ar", "ary", "zgh", "fr")
NAMES = {"ar": "العربية", "fr": "Français"}


def heard(chat: Chat) -> str:
    """All that was said last, on one line."""
    return flat(" ".join(chat.hears))


def label(language: str, key: str, payload: str) -> str:
    """What a button of a response is called, as it is tapped."""
    wanted = title(language, key, payload, "whatsapp")
    return labels([wanted])[0]


def tap(chat: Chat, title_wanted: str) -> None:
    """Tap the choice of that title, or of what it was cut to."""
    offered = [item["title"] for item in (chat.choices or {}).get("items", ())]
    found = [one for one in offered if flat(one) == flat(title_wanted)]
    assert found, f"{title_wanted!r} is not among {offered}"
    chat.tap(found[0])


def opened(house: RunningHouse, number: str, language: str) -> Chat:
    """A chat at the menu, in a language chosen by tapping its name."""
    chat = house.chat("whatsapp", number)
    chat.say("salam")
    assert chat.choices is not None
    assert "list" == chat.choices["kind"]
    tap(chat, NAMES[language])
    assert said(language, "utter_menu", "whatsapp") in heard(chat)
    return chat


def verified(house: RunningHouse, chat: Chat, language: str, citizen: dict[str, Any]) -> None:
    """Agree by tapping, identify and prove it."""
    assert chat.choices is not None
    assert "quick" == chat.choices["kind"]
    tap(chat, label(language, "utter_ask_consent", "/affirm"))
    assert said(language, "utter_ask_idcs", "whatsapp") in heard(chat)
    chat.say(citizen["idcs"])
    known = len(house.inbox(citizen["phone"]))
    chat.say("/".join(reversed(citizen["birth_date"].split("-"))))
    chat.say(house.code_after(citizen["phone"], known))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_registration_is_looked_up_by_tapping(
    house: RunningHouse, stranger: str, language: str
) -> None:
    chat = opened(house, stranger, language)
    assert chat.choices is not None
    assert "list" == chat.choices["kind"]
    tap(chat, label(language, "utter_menu", "/check_registration"))
    verified(house, chat, language, house.citizen("Index below both limits"))

    assert said(language, "utter_rnp_registered", "whatsapp") in heard(chat)


def test_a_label_or_a_number_may_be_typed_and_an_old_button_chooses_nothing(
    house: RunningHouse, stranger: str
) -> None:
    chat = opened(house, stranger, "fr")
    assert chat.choices is not None
    old = chat.choices["items"][0]["id"]
    chat.say(title("fr", "utter_menu", "/more", "whatsapp").upper())
    assert said("fr", "utter_more", "whatsapp") in heard(chat)
    chat.press(old, "Mon inscription")
    again = heard(chat)
    chat.say("1")

    assert door_said("fr", "door_old_choice", "whatsapp") in again
    assert said("fr", "utter_more", "whatsapp") in again
    assert said("fr", "utter_documents_which", "whatsapp") in heard(chat)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("voice", "door_voice"),
        ("contact", "door_contact"),
        ("sticker", "door_reaction"),
        ("reaction", "door_reaction"),
        ("unsupported", "door_media"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_menu_and_left_nowhere(
    house: RunningHouse, stranger: str, kind: str, key: str
) -> None:
    chat = opened(house, stranger, "fr")
    chat.attach(kind)

    assert door_said("fr", key, "whatsapp") in heard(chat)
    assert said("fr", "utter_menu", "whatsapp") in heard(chat)
    assert chat.choices is not None
    wait_for("the file gone at the provider", lambda: 0 == files_at_the_provider(house))


def files_at_the_provider(house: RunningHouse) -> int:
    """How many files the pretend Twilio holds."""
    got = requests.get(f"{house.run['phone']}/twilio/sandbox/media", timeout=5).json()
    return int(got["files"])


def test_papers_are_taken_with_an_application_and_with_nothing_else(
    house: RunningHouse, stranger: str
) -> None:
    chat = opened(house, stranger, "fr")
    chat.attach("image")
    unasked = heard(chat)
    chat.say("00")
    tap(chat, label("fr", "utter_menu", "/apply"))
    tap(chat, "ASD")
    verified(house, chat, "fr", house.citizen("Index exactly at the ASD limit"))
    question = heard(chat)
    chat.attach("image")
    first = heard(chat)
    chat.attach("pdf")
    second = heard(chat)

    assert said("fr", "utter_document_not_asked", "whatsapp") in unasked
    for told, count in ((first, "1"), (second, "2")):
        assert f"{said('fr', 'utter_document_taken', 'whatsapp')} {count}" in told
        assert question in told
    wait_for("the files gone at the provider", lambda: 0 == files_at_the_provider(house))


def test_a_file_that_is_none_is_told_a_moment_later(house: RunningHouse, stranger: str) -> None:
    chat = opened(house, stranger, "fr")
    tap(chat, label("fr", "utter_menu", "/apply"))
    tap(chat, "ASD")
    verified(house, chat, "fr", house.citizen("Index between the limits"))
    chat.attach("image", content="R0lGODlh")
    taken = heard(chat)
    words = flat(Catalogs.load().say("fr", "notice_file_not_taken"))
    told = wait_for(
        "word of the file",
        lambda: [m for m in house.inbox(stranger) if words in flat(m["text"])],
    )

    assert said("fr", "utter_document_taken", "whatsapp") in taken
    assert 1 == len(told)


def test_a_user_who_shows_no_number_can_do_the_same(house: RunningHouse) -> None:
    user = "MA.77" + "0" * 8
    chat = opened(house, user, "fr")
    tap(chat, label("fr", "utter_menu", "/check_registration"))
    verified(house, chat, "fr", house.citizen("Index below both limits"))

    assert said("fr", "utter_rnp_registered", "whatsapp") in heard(chat)
