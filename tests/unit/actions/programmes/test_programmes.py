"""The programmes' files: complete, sourced, and dated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from actions.programmes import Programme, Threshold, load_programmes
from locales.languages import languages


def test_both_programmes_are_known_by_their_file_names() -> None:
    assert {"asd", "amo_tadamon"} <= set(load_programmes())


@pytest.mark.parametrize(
    ("key", "index"), [("asd", Decimal("9.743001")), ("amo_tadamon", Decimal("9.3264284"))]
)
def test_a_threshold_is_exact_and_says_where_it_was_read(key: str, index: Decimal) -> None:
    programme = load_programmes()[key]

    assert index == programme.threshold_on(date(2026, 11, 23))
    assert all(threshold.source for threshold in programme.thresholds)


@pytest.mark.parametrize("language", languages())
def test_every_programme_has_a_name_and_one_for_a_small_screen(language: str) -> None:
    for programme in load_programmes().values():
        assert programme.name(language)
        assert len(programme.short_name(language)) <= 16


def a_programme() -> Programme:
    """A programme whose threshold was changed once, told in no order."""
    names = dict.fromkeys(languages(), "Name")
    thresholds = [
        {"from": day, "index_at_most": index, "source": "made up here", "confidence": "medium"}
        for day, index in ((date(2026, 1, 1), Decimal("9.5")), (date(2024, 1, 1), Decimal("9.7")))
    ]
    return Programme.model_validate(
        {"key": "test", "names": names, "short_names": names, "thresholds": thresholds}
    )


@pytest.mark.parametrize(
    ("day", "index"),
    [
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), Decimal("9.7")),
        (date(2025, 12, 31), Decimal("9.7")),
        (date(2026, 1, 1), Decimal("9.5")),
    ],
)
def test_a_threshold_holds_from_its_day_until_the_next(day: date, index: Decimal | None) -> None:
    assert index == a_programme().threshold_on(day)


def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(ValueError, match="index_at_least"):
        Threshold.model_validate({"from": date(2024, 1, 1), "index_at_least": "9"})
