"""What is typed, read as an answer or refused with a sentence; and the short acts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.applications.answers import Wrong, read_answer
from actions.programmes.questions import Question
from core.short_words import ShortWords
from locales.languages import languages
from tests.unit.actions.world import short_words

TODAY = date(2026, 11, 23)
TEXT = dict.fromkeys(languages(), "?")


def read(kind: str, typed: str, **fields: object) -> str | Wrong:
    """What comes of an answer to a question of a type."""
    given = {"key": "q", "type": kind, "text": TEXT, **fields}
    return read_answer(Question.model_validate(given), typed, TODAY)


@given(st.integers(0, 999))
def test_every_number_within_the_bounds_is_read_as_itself(number: int) -> None:
    assert str(number) == read("number", str(number))


@given(st.text(max_size=60), st.sampled_from(["number", "date", "phone", "text", "application"]))
def test_whatever_is_typed_is_read_or_refused(typed: str, kind: str) -> None:
    assert isinstance(read(kind, typed), (str, Wrong))


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("number", "٣", "3"),
        ("number", "3 enfants", "3"),
        ("date", "3/2/1980", "1980-02-03"),
        ("date", "٠٣٠٢١٩٨٠", "1980-02-03"),
        ("phone", "06 12 34 56 78", "+212612345678"),
        ("text", "  12, rue   des Orangers ", "12, rue des Orangers"),
        ("application", "7123 4567 8943", "712345678943"),
    ],
)
def test_answers_are_read_as_people_write_them(kind: str, typed: str, answer: str) -> None:
    assert answer == read(kind, typed)


@pytest.mark.parametrize(
    ("kind", "typed", "key"),
    [
        ("number", "3 ou 4", "utter_answer_no_number"),
        ("number", "-1", "utter_answer_no_number"),
        ("number", "1000", "utter_answer_out_of_bounds"),
        ("date", "31/2/2020", "utter_answer_no_date"),
        ("date", "24/11/2026", "utter_answer_not_past"),
        ("phone", "12", "utter_answer_no_phone"),
        ("application", "7123 4567 8901", "utter_answer_no_reference"),
        ("text", "x " * 400, "utter_answer_too_long"),
        ("text", "...", "utter_answer_no_words"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(kind: str, typed: str, key: str) -> None:
    wrong = read(kind, typed)

    assert isinstance(wrong, Wrong)
    assert key == wrong.key


def test_a_day_to_come_is_an_answer_where_it_may_be() -> None:
    assert "2027-01-05" == read("date", "5/1/2027", future=True)


@pytest.mark.parametrize(
    ("typed", "act"),
    [
        *[(said, "affirm") for said in ("oui", "Ouiiii", "نعم", "wakha", "إيه")],
        *[(said, "deny") for said in ("non", "لا", "lla")],
        *[("retour", "back"), ("annuler", "cancel"), ("aide", "help")],
        *[("mon adresse est ici", ""), ("bois", ""), ("", "")],
    ],
)
def test_short_acts_are_known_and_nothing_else(typed: str, act: str) -> None:
    assert act == short_words().act(typed)


def test_what_stands_under_two_acts_means_neither() -> None:
    words = ShortWords([("ok", "affirm"), ("ok", "deny"), ("oui", "affirm")])

    assert "" == words.act("ok")
    assert "affirm" == words.act("OUI")
