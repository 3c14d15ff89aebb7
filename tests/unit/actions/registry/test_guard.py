"""The guard of the calls: breakers, places, and what is made twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from prometheus_client import REGISTRY

from actions.registry.calls import Call, Deadline
from actions.registry.guard import Guard, NeverSent
from actions.registry.metrics import OPERATIONS
from actions.registry.settings import ResilienceSettings
from core.errors import (
    RegistryAnswerUnreadable,
    RegistryError,
    RegistryRefused,
    RegistryTimeout,
    RegistryUnavailable,
)

DOWN = RegistryUnavailable("down")


class Tried:
    """Attempts that end as a script says, and then in success."""

    def __init__(self, *ends: Exception | None) -> None:
        self.count = 0
        self._ends = iter(ends)

    def __call__(self) -> str:
        self.count += 1
        end = next(self._ends, None)
        if end is not None:
            raise end
        return "answer"


def a_guard(**changes: Any) -> Guard:
    """A guard that waits for next to nothing."""
    given = {"registry_retry_seconds": 0.001, "registry_place_seconds": 0.05}
    return Guard(ResilienceSettings.model_validate(given | changes))


def a_call(operation: str = "records.search", is_repeatable: bool = True) -> Call:
    """A call of an operation."""
    return Call(operation, "/", is_repeatable=is_repeatable)


def run(guard: Guard, attempt: Callable[[], Any], call: Call | None = None) -> Any:
    """Run a call with time to spare."""
    return guard.run(call or a_call(), Deadline(10), attempt)


def fail(guard: Guard, times: int, call: Call | None = None) -> None:
    """Have a call fail so often in a row."""
    for _ in range(times):
        with pytest.raises(RegistryUnavailable):
            run(guard, Tried(*[DOWN] * 9), call)


def is_asked(guard: Guard, call: Call | None = None) -> bool:
    """Whether a call that would succeed goes out."""
    tried = Tried()
    try:
        run(guard, tried, call)
    except RegistryUnavailable:
        return False
    return tried.count == 1


@pytest.mark.parametrize("failure", [DOWN, NeverSent()])
def test_what_may_be_made_twice_is_made_twice(failure: Exception) -> None:
    tried = Tried(failure)

    assert "answer" == run(a_guard(), tried)
    assert 2 == tried.count


@pytest.mark.parametrize(
    ("failure", "count"), [(DOWN, 1), (NeverSent(), 2), (RegistryTimeout(), 1)]
)
def test_what_may_not_is_made_again_only_if_it_never_left(failure: Exception, count: int) -> None:
    tried = Tried(*[failure] * 5)

    with pytest.raises((RegistryUnavailable, RegistryTimeout)):
        run(a_guard(), tried, a_call("codes.send", is_repeatable=False))

    assert count == tried.count


@pytest.mark.parametrize(
    "failure", [RegistryTimeout(), RegistryRefused("no"), RegistryAnswerUnreadable()]
)
def test_neither_silence_nor_an_answer_is_asked_for_again(failure: RegistryError) -> None:
    tried = Tried(failure)

    with pytest.raises(type(failure)):
        run(a_guard(registry_retries=5), tried)

    assert 1 == tried.count


def test_repetition_ends_with_the_time_of_the_call() -> None:
    tried = Tried(*[DOWN] * 9)

    with pytest.raises(RegistryUnavailable):
        a_guard(registry_retries=5).run(a_call(), Deadline(0.1), tried)

    assert 1 == tried.count


def test_repetitions_are_bounded() -> None:
    tried = Tried(*[DOWN] * 9)

    with pytest.raises(RegistryUnavailable):
        run(a_guard(registry_retries=3), tried)

    assert 4 == tried.count


def test_an_operation_that_keeps_failing_is_not_asked_for_a_while() -> None:
    guard = a_guard(registry_breaker_failures=3, registry_breaker_seconds=60)
    fail(guard, 3)

    assert not is_asked(guard)
    assert is_asked(guard, a_call("payments.search"))


def test_one_success_in_between_begins_the_count_anew() -> None:
    guard = a_guard(registry_breaker_failures=3)
    fail(guard, 2)

    assert is_asked(guard)
    fail(guard, 2)
    assert is_asked(guard)


@pytest.mark.parametrize("failure", [RegistryRefused("no"), RegistryAnswerUnreadable()])
def test_an_answer_is_no_failure_whatever_it_says(failure: RegistryError) -> None:
    guard = a_guard(registry_breaker_failures=1)
    with pytest.raises(type(failure)):
        run(guard, Tried(failure))

    assert is_asked(guard)


def test_silence_is_a_failure() -> None:
    guard = a_guard(registry_breaker_failures=1)
    with pytest.raises(RegistryTimeout):
        run(guard, Tried(RegistryTimeout()))

    assert not is_asked(guard)


def test_after_the_pause_one_call_tries_and_its_success_lets_all_out() -> None:
    guard = a_guard(registry_breaker_failures=1, registry_breaker_seconds=5)
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=False) as clock:
        fail(guard, 1)
        assert not is_asked(guard)
        clock.shift(timedelta(seconds=5))
        others: list[bool] = []

        def probe() -> str:
            others.append(is_asked(guard))
            return "answer"

        assert "answer" == run(guard, probe)
        assert [False] == others
        assert is_asked(guard)


def test_a_probe_that_fails_begins_the_pause_anew() -> None:
    guard = a_guard(registry_breaker_failures=3, registry_breaker_seconds=5)
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=False) as clock:
        fail(guard, 3)
        clock.shift(timedelta(seconds=5))
        fail(guard, 1)
        assert not is_asked(guard)
        clock.shift(timedelta(seconds=5))
        assert is_asked(guard)


def test_calls_of_one_operation_do_not_wait_for_each_other() -> None:
    guard, together = a_guard(), threading.Barrier(4, timeout=10)

    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(run, guard, together.wait) for _ in range(4)]

        assert [0, 1, 2, 3] == sorted(one.result() for one in found)


def test_a_slow_group_takes_its_own_places_and_no_others() -> None:
    guard = a_guard(registry_calls_per_group=2, registry_calls_in_all=3)
    with ThreadPoolExecutor(2) as threads:
        release, begun = threading.Event(), threading.Barrier(3, timeout=10)

        def stall() -> None:
            begun.wait()
            release.wait(10)

        stalled = [threads.submit(run, guard, stall) for _ in range(2)]
        begun.wait()
        refused = is_asked(guard, a_call("records.enrolled"))
        served = is_asked(guard, a_call("payments.search"))
        release.set()
        for one in stalled:
            one.result()

    assert not refused
    assert served
    assert is_asked(guard)


def test_all_groups_together_leave_the_process_its_threads() -> None:
    guard = a_guard(registry_calls_per_group=2, registry_calls_in_all=2)
    with ThreadPoolExecutor(2) as threads:
        release, begun = threading.Event(), threading.Barrier(3, timeout=10)

        def stall() -> None:
            begun.wait()
            release.wait(10)

        for group in ("records", "payments"):
            threads.submit(run, guard, stall, a_call(f"{group}.search"))
        begun.wait()
        served = is_asked(guard, a_call("offices.search"))
        release.set()

    assert not served


def test_a_full_group_is_no_failure_of_the_registry() -> None:
    guard = a_guard(registry_calls_per_group=1, registry_breaker_failures=1)

    def within() -> str:
        assert not is_asked(guard)
        return "answer"

    assert "answer" == run(guard, within)
    assert is_asked(guard)


def test_the_metrics_show_operations_and_how_they_ended() -> None:
    OPERATIONS.learn(["metrics.search"])
    guard = a_guard(registry_breaker_failures=1)
    call = a_call("metrics.search")
    labels = {"operation": "metrics.search"}
    assert is_asked(guard, call)
    fail(guard, 1, call)
    assert not is_asked(guard, call)

    def counted(name: str, **more: str) -> float | None:
        return REGISTRY.get_sample_value(name, labels | more)

    assert 1 == counted("twiza_registry_calls_total", outcome="answered")
    assert 2 == counted("twiza_registry_calls_total", outcome="unavailable")
    assert 1 == counted("twiza_registry_repeated_total")
    assert 3 == counted("twiza_registry_call_seconds_count")
    assert 1 == counted("twiza_registry_breaker", state="open")
    assert 0 == counted("twiza_registry_breaker", state="closed")
