"""Choices become buttons, a list, or stay numbered lines; ids say nothing but where they stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rendering.menus import Choice, number_choices
from channels.rendering.tapping import read_id, tappable
from core.messages import Button
from core.outgoing import Tap, Tappable

SCREEN = "0123abcd"


def choices(count: int, title: str = "Choix") -> tuple[Choice, ...]:
    """So many choices."""
    return number_choices([Button(f"{title} {n}", f'/do{{"n":"{n}"}}') for n in range(count)])


def tapped(count: int, title: str = "Choix", body: str = "Que voulez-vous ?") -> Tappable:
    """So many choices to tap."""
    found = tappable(body, choices(count, title), SCREEN, "Choisir")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("count", "kind", "opener"),
    [(1, Tap.QUICK, ""), (3, Tap.QUICK, ""), (4, Tap.LIST, "Choisir"), (10, Tap.LIST, "Choisir")],
)
def test_up_to_three_are_buttons_and_up_to_ten_a_list(count: int, kind: Tap, opener: str) -> None:
    found = tapped(count)

    assert (kind, opener, count) == (found.kind, found.opener, len(found.items))
    assert "Que voulez-vous ?" == found.body
    assert "Choix 0" == found.items[0].title


@pytest.mark.parametrize("count", [0, 11])
def test_none_or_more_than_ten_stay_lines(count: int) -> None:
    assert tappable("Que voulez-vous ?", choices(count), SCREEN, "Choisir") is None


def test_a_body_that_is_too_long_or_empty_stays_a_text() -> None:
    assert tappable("x" * 1025, choices(2), SCREEN, "Choisir") is None
    assert tappable("", choices(2), SCREEN, "Choisir") is None


def test_a_screen_without_a_name_has_nothing_to_tap() -> None:
    assert tappable("Que voulez-vous ?", choices(2), "", "Choisir") is None


def test_a_title_that_was_cut_stands_whole_in_the_body_under_its_number() -> None:
    found = tapped(2, "Aide aux enfants scolarisés", "Quelle aide ?")

    assert "Quelle aide ?\n1 Aide aux enfants scolarisés 0" in found.body
    assert all(len(item.title) <= 20 for item in found.items)


@given(st.integers(1, 10))
def test_ids_hold_no_payload_and_lead_back_to_their_choice(count: int) -> None:
    ids = [item.id for item in tapped(count).items]

    assert [(SCREEN, number) for number in range(1, count + 1)] == [read_id(one) for one in ids]
    assert all("do" not in one and "/" not in one for one in ids)


@pytest.mark.parametrize(
    "other", ["", "/affirm", "1", "0123abcd", "0123ABCD.1", "0123abcd.123", "0123abcd.1\n", "read"]
)
def test_another_id_is_none_of_ours(other: str) -> None:
    assert read_id(other) is None
