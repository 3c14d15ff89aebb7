"""When people answer: by the clock on the wall in Morocco, on the days that are set."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from core.staff_hours import open_until, opens_next, read_days, read_hours

HOURS = read_hours("mon-thu 09:00-12:00, mon-thu 14:00-16:30, fri 09:00-12:00")
NONE: frozenset[date] = frozenset()
# Morocco is an hour ahead of UTC, but in Ramadan.
MONDAY = date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "until"),
    [(7, 59, None), (8, 0, time(12)), (10, 59, time(12)), (11, 0, None), (13, 0, time(16, 30))],
)
def test_people_answer_between_their_hours(hour: int, minute: int, until: time | None) -> None:
    assert until == open_until(HOURS, NONE, at(MONDAY, hour, minute))


@pytest.mark.parametrize(
    ("now", "day", "hour"),
    [
        (at(MONDAY, 6), MONDAY, 9),
        (at(MONDAY, 11, 30), MONDAY, 14),
        (at(MONDAY, 20), date(2026, 11, 24), 9),
        (at(date(2026, 11, 27), 12), date(2026, 11, 30), 9),
    ],
)
def test_outside_their_hours_it_is_known_when_they_are_back(
    now: datetime, day: date, hour: int
) -> None:
    back = opens_next(HOURS, NONE, now)

    assert back is not None
    assert (day, hour) == (back.date(), back.hour)


def test_on_a_day_off_nobody_answers() -> None:
    off = read_days("2026-11-23, 2026-11-24")
    back = opens_next(HOURS, off, at(MONDAY, 8))

    assert open_until(HOURS, off, at(MONDAY, 9)) is None
    assert back is not None and date(2026, 11, 25) == back.date()


def test_in_ramadan_the_hours_are_still_those_of_the_clock_on_the_wall() -> None:
    in_ramadan = date(2027, 2, 15)

    assert open_until(HOURS, NONE, at(in_ramadan, 8, 30)) is None
    assert time(12) == open_until(HOURS, NONE, at(in_ramadan, 9))


def test_without_hours_nobody_ever_comes_back() -> None:
    assert opens_next(read_hours(""), NONE, at(MONDAY, 8)) is None


@pytest.mark.parametrize("text", ["mon", "mon 9-16", "mon 16:00-09:00", "lun 09:00-16:00"])
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=".+"):
        read_hours(text)
