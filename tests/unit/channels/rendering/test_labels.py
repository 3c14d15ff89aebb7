"""Labels are short, whole at their end, told apart, and read back as what they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rendering.breaks import graphemes
from channels.rendering.labels import as_typed, labels, length, opener
from channels.rendering.menus import choose, number_choices
from core.messages import Button

WORDS = st.text(
    st.sampled_from("aéçZ 0-٣ابتةمⵣⴰ👍🏽\u0301\u064b\u2068\u2069\u200f"), min_size=1, max_size=60
).filter(as_typed)
MENUS = st.lists(WORDS, min_size=1, max_size=10)
# No number of a menu is written so.
NAMES = st.text(st.sampled_from("ab çZ ابتةمⵣⴰ"), min_size=1, max_size=60).filter(as_typed)


def longest(titles: list[str]) -> int:
    """How long a label may be."""
    return 20 if len(titles) <= 3 else 24


def test_a_title_that_fits_is_left_as_it_is() -> None:
    assert ("Oui", "Non") == labels(["Oui", "Non"])


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Aide aux enfants scolarisés", "Aide aux enfants sc…"),
        ("Aide aux enfants e\u0301leve\u0301s", "Aide aux enfants e\u0301…"),
        ("Aide aux enfants de\u0301ja\u0300 inscrits", "Aide aux enfants d…"),
        ("دعم الأطفال المتمدرسين", "دعم الأطفال المتمدر…"),
        ("مركز خدمة \u2068RSU 2026 Rabat\u2069", "مركز خدمة \u2068RSU 202…\u2069"),
    ],
)
def test_a_long_title_is_cut_at_a_grapheme(title: str, label: str) -> None:
    assert (label,) == labels([title])
    assert label == opener(title)


def test_titles_that_would_be_cut_alike_are_told_apart_by_their_number() -> None:
    titles = [f"Centre de services de {place}" for place in ("Rabat", "Fès", "Oujda")]

    assert (
        "Centre de services…",
        "Centre de service… 2",
        "Centre de service… 3",
    ) == labels(titles)


def test_a_title_that_fits_keeps_its_words_where_a_longer_one_is_cut_to_them() -> None:
    titles = ["Centre de services de Rabat", "Centre de services"]

    assert ("Centre de service… 1", "Centre de services") == labels(titles)


@given(MENUS)
def test_labels_are_short_and_no_two_read_alike(titles: list[str]) -> None:
    found = labels(titles)

    assert all(0 < length(label) <= longest(titles) for label in found)
    assert len(titles) == len({as_typed(label) for label in found})


@given(MENUS)
def test_no_label_ends_inside_a_grapheme_or_an_isolate(titles: list[str]) -> None:
    for title, label in zip(titles, labels(titles), strict=True):
        kept = label.partition("…")[0]
        whole = list(graphemes(title))
        ends = ["".join(whole[:end]).rstrip() for end in range(len(whole) + 1)]

        assert title in label or kept in ends
        if "…" in label:
            assert label.count("\u2068") <= max(label.count("\u2069"), title.count("\u2069") + 1)


@given(st.lists(NAMES, min_size=1, max_size=10, unique_by=as_typed))
def test_a_title_and_a_label_that_are_typed_choose_what_they_stand_for(titles: list[str]) -> None:
    choices = number_choices([Button(title, f"/{n}") for n, title in enumerate(titles)])

    assert list(choices) == [choose(choice.title, choices) for choice in choices]
    assert list(choices) == [choose(label, choices) for label in labels(titles)]
