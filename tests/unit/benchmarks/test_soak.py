"""When half an hour is called flat."""

from __future__ import annotations

import pytest

from benchmarks.soak import slopes_table, table
from benchmarks.steadiness import Minute, judge, slope, slopes
from tests.unit.benchmarks.test_table import cells


def minutes(
    *times: float, memory: tuple[float, ...] = (100.0,), cpu: float = 5.0, others: float = 0.0
) -> list[Minute]:
    """A minute for each 95th percentile; the memory of each, the last one repeated."""
    held = [{"door": memory[min(at, len(memory) - 1)], "redis": 9.0} for at in range(len(times))]
    return [
        Minute(10.0, time / 2, time, cpu, pss, others)
        for time, pss in zip(times, held, strict=True)
    ]


def test_a_run_that_warms_up_and_then_stays_is_flat() -> None:
    assert judge(minutes(90, 30, 30, 31, 29, 30, 33, 32)).flat


def test_a_run_that_grows_slower_is_not_flat() -> None:
    verdict = judge(minutes(30, 30, 30, 30, 40, 50, 60, 70))

    assert verdict.flat is False
    assert ["p95 went from 30.0 to 65.0 ms"] == verdict.faults


def test_a_run_whose_turns_cost_more_is_not_flat() -> None:
    dearer = judge(minutes(*[30.0] * 4) + minutes(*[30.0] * 4, cpu=7.0))

    assert ["the CPU of a turn went from 5.0 to 7.0 ms"] == dearer.faults


def test_a_process_that_grows_is_named_with_its_pace() -> None:
    grown = tuple(float(megabytes) for megabytes in (60, 80, 90, 100, *range(102, 126, 2)))

    verdict = judge(minutes(*[30.0] * 16, memory=grown))

    assert verdict.flat is False
    assert ["door (113 MB) grows by 120 MB an hour"] == verdict.faults


def test_a_process_that_grows_for_some_minutes_is_undecided() -> None:
    verdict = judge(minutes(*[30.0] * 8, memory=(80, 90, 100, 102, 104, 106, 108, 110)))

    assert verdict.flat is None
    assert ["door (105 MB) grows by 120 MB an hour, but 6 minutes tell little"] == verdict.doubts


def test_what_no_time_ends_in_redis_may_not_grow() -> None:
    found = minutes(*[30.0] * 16)

    assert judge(found, [1.0, 1.5]).flat
    assert ["what lasts in Redis grew from 1.0 to 4.0 MB"] == judge(found, [1.0, 4.0]).faults


def test_what_fills_in_the_first_quarter_is_no_leak() -> None:
    assert judge(minutes(*[30.0] * 8, memory=(50, 90, 100, 100, 100.2, 100.1, 100.3, 100.2))).flat


def test_one_large_minute_is_no_leak() -> None:
    assert judge(minutes(*[30.0] * 8, memory=(100, 100, 100, 100, 100, 100, 100, 140))).flat


def test_a_slower_run_on_a_busy_machine_is_undecided() -> None:
    verdict = judge(minutes(30, 30, 30, 30) + minutes(60, 60, 60, 60, others=0.4))

    assert verdict.flat is None
    assert [
        "p95 went from 30.0 to 60.0 ms, but other programs used 40% of the machine"
    ] == verdict.doubts


def test_a_busy_machine_excuses_no_growth() -> None:
    grown = tuple(float(megabytes) for megabytes in range(100, 132, 2))

    assert judge(minutes(*[30.0] * 16, memory=grown, others=0.9)).flat is False


def test_a_single_minute_is_as_flat_as_itself() -> None:
    assert judge(minutes(30)).flat
    assert {} == slopes(minutes(30))


def test_a_run_without_a_minute_is_not_flat() -> None:
    assert judge([]).flat is False


@pytest.mark.parametrize(
    ("values", "step"), [([1, 2, 3, 4], 1.0), ([5, 5, 9, 5, 5], 0.0), ([8, 6], -2.0)]
)
def test_the_slope_is_the_usual_step(values: list[float], step: float) -> None:
    assert step == slope(values)


def test_every_minute_and_every_process_has_a_line() -> None:
    found = minutes(30, 40, memory=(100, 101))

    assert 4 == len(table(found).splitlines())
    assert ["door", "100.0", "101.0", "+60.0"] == cells(slopes_table(found))[1]
