from __future__ import annotations

from typing import Any

import pytest
from babel.messages.catalog import Message

from locales.check import REVIEW, entry_faults
from locales.extract import template
from locales.languages import languages


def faults(code: str, text: str, source: str = "Yes", **given: Any) -> list[str]:
    message = Message(source, text, context="utter_x", **given)
    return list(entry_faults(languages()[code], message))


@pytest.mark.parametrize(
    ("code", "text"), [("ar", "نعم"), ("ary", "إيه"), ("fr", "Oui"), ("zgh", "ⵢⴰⵀ, ⵡⴰⵅⵅⴰ")]
)
def test_a_good_translation_has_no_fault(code: str, text: str) -> None:
    assert [] == faults(code, text)


@pytest.mark.parametrize(
    ("code", "text", "fault"),
    [
        ("fr", "", "is not translated"),
        ("fr", "  ", "is not translated"),
        ("fr", "نعم", "has no word in Français"),
        ("ar", "Oui", "has no word in العربية"),
        ("fr", "a" * 41, "holds a word of more than 40 characters: " + "a" * 41),
        ("ar", "نعم\u200f", "holds U+200F"),
        ("ar", "نَعم", "holds U+064E"),
        ("zgh", "ⵢⴰⵀ ⵜⴰⵖⵍⴰⵍⵜ", "is not marked fuzzy and no source attests ⵜⴰⵖⵍⴰⵍⵜ"),
    ],
)
def test_a_fault_is_named(code: str, text: str, fault: str) -> None:
    assert [fault] == faults(code, text)


def test_placeholders_are_those_of_the_source() -> None:
    lost = "does not have the placeholders of the source"

    assert [lost] == faults("fr", "Essais : {reste}", "Tries: {left}")
    assert [lost] == faults("fr", "Essais", "Tries: {left}")
    assert [] == faults("fr", "{b} puis {a}", "{a} then {b}")


def test_a_button_has_at_most_twenty_characters() -> None:
    title = "Vérifier mon inscription"

    assert [] == faults("fr", title)
    assert ["is a button of more than 20 characters"] == faults(
        "fr", title, auto_comments=["button, at most 20 characters"]
    )


def test_a_doubt_is_allowed_in_amazigh_alone_and_says_what_it_is() -> None:
    doubted: dict[str, Any] = {"flags": ["fuzzy"], "user_comments": [REVIEW + "our", "inflection"]}

    assert [] == faults("zgh", "ⵜⴰⵖⵍⴰⵍⵜ", **doubted)
    assert ["is marked fuzzy"] == faults("fr", "Oui", **doubted)
    assert 1 == len(faults("zgh", "ⵢⴰⵀ", flags=["fuzzy"]))


def test_the_source_texts_are_found_where_they_stand() -> None:
    catalog = template()

    assert catalog.get("Change language", "utter_more") is not None
    assert catalog.get("Your IDCS (10 digits):", "utter_ask_idcs") is not None
    assert catalog.get("Goodbye.", "door_goodbye") is not None
