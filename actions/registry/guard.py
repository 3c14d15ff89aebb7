"""What stands around each call to the registry: a bulkhead, a breaker, and repetition where safe.

All of it is kept by the process itself and not shared: docs/decisions says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from actions.registry.breakers import NOT_ASKED, Breakers
from actions.registry.bulkhead import Bulkhead
from actions.registry.calls import Call, Deadline
from actions.registry.metrics import CALLS, REPEATED, SECONDS
from actions.registry.settings import ResilienceSettings
from core.errors import (
    RegistryAnswerUnreadable,
    RegistryError,
    RegistryNotAsked,
    RegistryRefused,
    RegistryTimeout,
    RegistryUnavailable,
)
from core.registry_health import RegistryHealth

T = TypeVar("T")
# What an attempt needs at least; with less time left there is none.
_AN_ATTEMPT_SECONDS: Final = 0.2


class NeverSent(Exception):
    """No connection came about: the registry cannot have seen the attempt."""


# Reasons that say something of the call, and nothing of the person it was about.
_OF_THE_CALL: Final = ("http.", "err.", "rjct")
_OUTCOMES: Final[dict[type[RegistryError], str]] = {
    RegistryUnavailable: "unavailable",
    RegistryNotAsked: "unavailable",
    RegistryTimeout: "timeout",
    RegistryRefused: "refused",
    RegistryAnswerUnreadable: "unreadable",
}


def _told(fault: RegistryError) -> str:
    """What staff are told of a fault; empty where no call was made, or a person was refused."""
    if str(fault).startswith(NOT_ASKED):
        return ""
    if isinstance(fault, RegistryRefused) and not fault.reason.startswith(_OF_THE_CALL):
        return ""
    return f"{type(fault).__name__}: {fault}"


class Guard:
    """Runs calls; what it refuses to run raises RegistryUnavailable at once."""

    def __init__(self, settings: ResilienceSettings, health: RegistryHealth | None = None) -> None:
        self._health = health or RegistryHealth()
        self._retries = settings.registry_retries
        self._wait = wait_random_exponential(
            multiplier=settings.registry_retry_seconds / 2, max=settings.registry_retry_seconds
        )
        self._bulkhead = Bulkhead(settings)
        self._breakers = Breakers(settings)

    def run(self, call: Call, deadline: Deadline, attempt: Callable[[], T]) -> T:
        """What an attempt at the call returns; tried again only where that is safe.

        Raises what the attempts raise.
        """
        began, outcome, told = time.monotonic(), "failed", ""
        breaker = self._breakers.of(call.operation)
        try:
            with self._bulkhead.place(call.group, deadline), breaker.passage():
                answer = self._repeated(call, deadline, attempt)
            outcome = "answered"
        except RegistryError as fault:
            outcome, told = _OUTCOMES[type(fault)], _told(fault)
            raise
        finally:
            self._health.note(call.operation, breaker.state, told)
            CALLS.labels(call.operation, outcome).inc()
            SECONDS.labels(call.operation).observe(time.monotonic() - began)
        return answer

    def _repeated(self, call: Call, deadline: Deadline, attempt: Callable[[], T]) -> T:
        def may_repeat(failed: BaseException) -> bool:
            is_down = isinstance(failed, RegistryUnavailable)
            return isinstance(failed, NeverSent) or (is_down and call.is_repeatable)

        def is_enough(state: RetryCallState) -> bool:
            if state.attempt_number > self._retries:
                return True
            # What it waits comes off the time of the next attempt.
            return not deadline.has(state.upcoming_sleep + _AN_ATTEMPT_SECONDS)

        def count(_: RetryCallState) -> None:
            REPEATED.labels(call.operation).inc()

        again = Retrying(
            stop=is_enough,
            wait=self._wait,
            retry=retry_if_exception(may_repeat),
            before_sleep=count,
            reraise=True,
        )
        try:
            return again(attempt)
        except NeverSent:
            raise RegistryNotAsked("no connection came about") from None
