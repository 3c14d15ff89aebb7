"""Calendar months, counted back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from records.clock import months_before, utc_now


@pytest.mark.parametrize(
    ("moment", "months", "earlier"),
    [
        ((2026, 11, 23), 6, (2026, 5, 23)),
        ((2026, 3, 1), 6, (2025, 9, 1)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 8, 31), 6, (2026, 2, 28)),
        ((2024, 8, 31), 6, (2024, 2, 29)),
        ((2026, 12, 31), 12, (2025, 12, 31)),
    ],
)
def test_months_are_those_of_the_calendar(
    moment: tuple[int, int, int], months: int, earlier: tuple[int, int, int]
) -> None:
    counted = months_before(datetime(*moment, 9, 30, tzinfo=UTC), months)

    assert datetime(*earlier, 9, 30, tzinfo=UTC) == counted


def test_the_present_is_in_utc() -> None:
    assert UTC == utc_now().tzinfo
