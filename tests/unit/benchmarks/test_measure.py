"""What rounds of measurements come to."""

from __future__ import annotations

import math

import pytest

from benchmarks.measure import Overrun, Slice, Turn, busy_span, percentile, ratio, summarise


def a_slice(citizens: int = 8, **given: object) -> Slice:
    """Four turns in two seconds that cost the door 40 ms and the registry 8 ms in all."""
    values: dict[str, object] = {
        "seconds": 2.0,
        "milliseconds": [10.0, 20.0, 30.0, 40.0],
        "answered": 4,
        "cpu": {"door": 0.040, "registry": 0.008},
    }
    return Slice(citizens, **values | given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 5.0), (0.95, 10.0), (0.9, 9.0), (0.0, 1.0), (1.0, 10.0)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: float) -> None:
    values = [float(value) for value in range(10, 0, -1)]

    assert expected == percentile(values, share)


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert 7.0 == percentile([7.0], 0.95)


def test_nothing_is_any_times_nothing() -> None:
    assert 2.5 == ratio(5.0, 2.0)
    assert math.inf == ratio(5.0, 0.0)


def test_the_median_round_counts_for_each_figure_by_itself() -> None:
    rounds = [
        a_slice(seconds=1.0, cpu={"door": 0.004}),
        a_slice(seconds=4.0, cpu={"door": 0.008}),
        a_slice(seconds=2.0, cpu={"door": 0.400}),
    ]

    figures = summarise(rounds)

    assert {8: 2.0} == figures.turns_per_s
    assert 2.0 == pytest.approx(figures.cpu_ms_per_turn)


def test_the_pretended_registry_is_shown_and_not_counted() -> None:
    figures = summarise([a_slice()])

    assert 10.0 == pytest.approx(figures.cpu_ms_per_turn)
    assert 2.0 == pytest.approx(figures.cpu_ms_by_role["registry"])


def test_cpu_is_divided_by_every_turn_and_the_rate_by_the_busy_ones() -> None:
    figures = summarise([a_slice(answered=8)])

    assert 5.0 == pytest.approx(figures.cpu_ms_per_turn)
    assert {8: 2.0} == figures.turns_per_s


def test_latency_is_that_at_eight_citizens() -> None:
    figures = summarise([a_slice(1, milliseconds=[1.0]), a_slice(8), a_slice(32)])

    assert 8 == figures.citizens
    assert (20.0, 40.0) == (figures.p50_ms, figures.p95_ms)
    assert [1, 8, 32] == list(figures.turns_per_s)


def test_latency_is_that_at_the_most_citizens_where_eight_were_not_measured() -> None:
    figures = summarise([a_slice(1), a_slice(4, milliseconds=[3.0])])

    assert 4 == figures.citizens
    assert 3.0 == figures.p50_ms


def test_late_and_wrong_turns_are_told_of_the_crowd_that_was_too_large() -> None:
    rounds = [a_slice(8), a_slice(32, late=3, wrong=1), a_slice(32, late=2)]

    figures = summarise(rounds)

    assert {32: Overrun(late=5, wrong=1)} == figures.overrun
    assert {"32": {"late_turns": 5, "wrong_turns": 1}} == figures.as_json()["overrun"]


def test_a_crowd_that_gets_no_right_answer_has_a_rate_of_nothing_and_no_latency() -> None:
    figures = summarise(
        [a_slice(8), a_slice(32, milliseconds=[], seconds=0.0, answered=0, wrong=9)]
    )

    assert 0.0 == figures.turns_per_s[32]
    assert {} == figures.latency_ms[32]


def test_latency_is_told_of_every_crowd() -> None:
    figures = summarise([a_slice(8), a_slice(32, milliseconds=[5.0, 6.0])])

    assert {"p50": 20.0, "p95": 40.0, "p99": 40.0} == figures.latency_ms[8]
    assert {"p50": 5.0, "p95": 6.0, "p99": 6.0} == figures.latency_ms[32]


def test_the_report_holds_the_promised_keys() -> None:
    written = summarise([a_slice(1), a_slice(8), a_slice(32)]).as_json()

    promised = {"cpu_ms_per_turn", "cpu_ms_by_role", "turns_per_s", "p50_ms", "p95_ms"}
    assert promised | {"latency_ms"} == set(written)
    assert {"1": 2.0, "8": 2.0, "32": 2.0} == written["turns_per_s"]


def test_all_are_busy_from_the_ramp_until_the_first_has_done() -> None:
    turns = [[Turn(0.0, 2.0), Turn(2.0, 5.0)], [Turn(0.5, 4.0)], []]

    assert (1.0, 4.0) == busy_span(turns, 1.0)


def test_who_ends_within_the_ramp_makes_the_whole_time_count() -> None:
    turns = [[Turn(0.0, 0.4)], [Turn(0.5, 4.0)]]

    assert (0.0, 4.0) == busy_span(turns, 1.0)
