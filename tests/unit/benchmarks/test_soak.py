"""When half an hour is called flat."""

from __future__ import annotations

from benchmarks.soak import Minute, stays_flat, table


def minutes(*times: float, memory: tuple[float, ...] = (100.0,)) -> list[Minute]:
    """A minute for each 95th percentile; the memory of each, the last one repeated."""
    return [
        Minute(600, time / 2, time, 5.0, {"door": memory[min(at, len(memory) - 1)]})
        for at, time in enumerate(times)
    ]


def test_a_run_that_warms_up_and_then_stays_is_flat() -> None:
    assert stays_flat(minutes(90, 30, 30, 31, 29, 30, 33, 32))


def test_a_run_that_grows_slower_or_larger_is_not_flat() -> None:
    assert not stays_flat(minutes(30, 30, 30, 30, 40, 50, 60, 70))
    assert not stays_flat(minutes(*[30.0] * 8, memory=(100, 100, 100, 110, 120, 130, 140, 150)))


def test_a_single_minute_is_as_flat_as_itself() -> None:
    assert stays_flat(minutes(30))


def test_every_minute_has_a_line() -> None:
    lines = table(minutes(30, 40)).splitlines()

    assert 4 == len(lines)
    assert "door MB" in lines[0]
