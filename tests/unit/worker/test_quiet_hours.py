"""Nobody is written to at night, whatever the clock does around Ramadan."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from worker.quiet_hours import MOROCCO, QuietHours

NIGHT = QuietHours(time(21, 0), time(8, 0))


def at(text: str) -> datetime:
    """A moment by Morocco's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=MOROCCO)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-23 20:59", "2026-11-23 20:59"),
        ("2026-11-23 21:00", "2026-11-24 08:00"),
        ("2026-11-23 23:59", "2026-11-24 08:00"),
        ("2026-11-24 00:00", "2026-11-24 08:00"),
        ("2026-11-24 07:59", "2026-11-24 08:00"),
        ("2026-11-24 08:00", "2026-11-24 08:00"),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
    ],
)
def test_what_comes_at_night_waits_for_the_morning(now: str, then: str) -> None:
    assert at(then) == NIGHT.next_open(at(now))


def test_the_hours_are_moroccos_and_the_answer_is_in_utc() -> None:
    # In November Morocco is an hour ahead of UTC: 20:30 UTC is night there.
    open_again = NIGHT.next_open(datetime(2026, 11, 23, 20, 30, tzinfo=UTC))

    assert datetime(2026, 11, 24, 7, 0, tzinfo=UTC) == open_again
    assert UTC == open_again.tzinfo


def test_in_ramadan_the_clock_is_an_hour_back_and_quiet_ends_by_it() -> None:
    # Before Ramadan of 2027 the clock goes back in the night to 7 February.
    before = NIGHT.next_open(at("2027-02-05 22:00"))
    across = NIGHT.next_open(at("2027-02-06 22:00"))
    during = NIGHT.next_open(at("2027-02-15 22:00"))

    assert datetime(2027, 2, 6, 7, 0, tzinfo=UTC) == before
    assert datetime(2027, 2, 7, 8, 0, tzinfo=UTC) == across
    assert datetime(2027, 2, 16, 8, 0, tzinfo=UTC) == during


def test_after_ramadan_the_clock_goes_forward_and_quiet_ends_by_it() -> None:
    assert datetime(2027, 3, 14, 7, 0, tzinfo=UTC) == NIGHT.next_open(at("2027-03-13 22:00"))


def test_an_hour_that_comes_twice_is_quiet_both_times() -> None:
    early = QuietHours(time(22, 0), time(2, 30))
    # 2:30 comes twice in the night to 7 February 2027.
    first = datetime(2027, 2, 7, 1, 15, tzinfo=UTC)

    assert datetime(2027, 2, 7, 2, 30, tzinfo=UTC) == early.next_open(first)


def test_hours_within_one_day_are_quiet_too() -> None:
    noon = QuietHours(time(12, 0), time(14, 0))

    assert at("2026-11-23 14:00") == noon.next_open(at("2026-11-23 13:00"))
    assert at("2026-11-23 23:00") == noon.next_open(at("2026-11-23 23:00"))


def test_without_hours_no_hour_is_quiet() -> None:
    none = QuietHours(time(0, 0), time(0, 0))
    moments = [at("2026-11-23 00:00") + timedelta(hours=hour) for hour in range(24)]

    assert moments == [none.next_open(moment) for moment in moments]


@time_machine.travel(datetime(2027, 2, 6, 21, 0, tzinfo=UTC), tick=False)
def test_a_night_before_the_change_is_an_hour_longer() -> None:
    now = datetime.now(UTC)

    assert timedelta(hours=11) == NIGHT.next_open(now) - now
