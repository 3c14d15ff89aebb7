"""A menu is numbered once, and read back however people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rendering.menus import Choice, choose, number_choices
from core.messages import Button

CHOICES = (
    Choice(1, "العربية", "/ar"),
    Choice(2, "Français", "/fr"),
    Choice(3, "L’état de ma demande", "/state"),
    Choice(4, "\u2068RSU\u2069 المؤشر", "/index"),
)


def test_buttons_are_numbered_from_one_in_their_order() -> None:
    buttons = [Button("Oui", "/affirm"), Button("Non", "/deny")]

    assert (Choice(1, "Oui", "/affirm"), Choice(2, "Non", "/deny")) == number_choices(buttons)
    assert "1 Oui" == number_choices(buttons)[0].line


def test_no_buttons_are_no_choices() -> None:
    assert () == number_choices([])


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("1", "/ar"),
        (" 2 ", "/fr"),
        ("2.", "/fr"),
        ("2)", "/fr"),
        ("٣", "/state"),
        ("۳", "/state"),
        ("\u200f٢\u200e", "/fr"),
        ("1\ufe0f\u20e3", "/ar"),
        ("Français", "/fr"),
        ("  FRANÇAIS ", "/fr"),
        ("francais", "/fr"),
        ("l'état  de ma demande", "/state"),
        ("العربية", "/ar"),
        ("RSU المؤشر", "/index"),
    ],
)
def test_a_choice_is_known_by_its_number_or_its_title(typed: str, payload: str) -> None:
    chosen = choose(typed, CHOICES)

    assert chosen is not None
    assert payload == chosen.payload


@pytest.mark.parametrize(
    "typed", ["", " ", "0", "00", "98", "5", "12", "1 2", "01", "-", "Fran", "/fr"]
)
def test_what_is_no_choice_chooses_nothing(typed: str) -> None:
    assert choose(typed, CHOICES) is None


def test_a_number_goes_before_a_title_of_digits() -> None:
    choices = (Choice(1, "2", "/first"), Choice(2, "1", "/second"))

    assert choices[0] == choose("1", choices)


@given(st.lists(st.builds(Button, st.text(min_size=1), st.text()), min_size=1, max_size=20))
def test_every_choice_is_reached_by_its_number(buttons: list[Button]) -> None:
    choices = number_choices(buttons)

    assert list(choices) == [choose(str(choice.number), choices) for choice in choices]
