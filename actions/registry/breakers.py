"""Circuit breakers: an operation that keeps failing is not asked for a while.

pybreaker keeps the states and counts. Its own `call` holds a lock for as long as the call takes, so
that calls of one operation would wait for each other: here it is only told how a call ended.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import pybreaker

from actions.registry.metrics import note_breaker
from actions.registry.settings import ResilienceSettings
from core.errors import RegistryError, RegistryNotAsked, RegistryTimeout, RegistryUnavailable
from core.logs import log

_LOG = log(__name__)
# How a fault begins that is of no call: none was made.
NOT_ASKED: Final = "not asked"
_STATES: Final = (pybreaker.STATE_CLOSED, pybreaker.STATE_HALF_OPEN, pybreaker.STATE_OPEN)


class Breaker:
    """The breaker of one operation.

    Closed: calls go out. Open, after `registry_breaker_failures` failures in a row: none does.
    After `registry_breaker_seconds` one call is the probe, and how it ends decides.
    """

    def __init__(self, operation: str, settings: ResilienceSettings) -> None:
        self._memory = pybreaker.CircuitMemoryStorage(pybreaker.STATE_CLOSED)
        self._pause = timedelta(seconds=settings.registry_breaker_seconds)
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=settings.registry_breaker_failures,
            reset_timeout=settings.registry_breaker_seconds,
            listeners=[_Teller(operation)],
            state_storage=self._memory,
            name=operation,
            throw_new_error_on_trip=False,
        )
        self._lock = threading.Lock()
        self._is_probed = False
        note_breaker(operation, pybreaker.STATE_CLOSED, _STATES)

    @property
    def state(self) -> str:
        """closed, half-open or open."""
        return self._breaker.current_state

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Let a call out and note how it ends; any other fault than of the registry is an answer.

        Raises RegistryNotAsked where it may not go out.
        """
        is_probe = self._admit()
        fault: RegistryError | None = None
        try:
            yield
        except (RegistryUnavailable, RegistryTimeout) as failed:
            fault = failed
            raise
        finally:
            self._ended(is_probe, fault)

    def _admit(self) -> bool:
        """True where the call is the probe."""
        with self._lock:
            if self.state == pybreaker.STATE_CLOSED:
                return False
            opened = self._memory.opened_at
            waits = opened is not None and datetime.now(UTC) < opened + self._pause
            if self._is_probed or (self.state == pybreaker.STATE_OPEN and waits):
                raise RegistryNotAsked(f"{NOT_ASKED}: it failed just before")
            if self.state == pybreaker.STATE_OPEN:
                self._breaker.half_open()
            self._is_probed = True
            return True

    def _ended(self, is_probe: bool, fault: RegistryError | None) -> None:
        with self._lock:
            if is_probe:
                self._is_probed = False
            elif self.state != pybreaker.STATE_CLOSED:
                return  # it went out before the breaker opened
            with suppress(RegistryError):
                self._breaker.call(_report, fault)


class Breakers:
    """A breaker for each operation that was ever asked for."""

    def __init__(self, settings: ResilienceSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._known: dict[str, Breaker] = {}

    def of(self, operation: str) -> Breaker:
        """The breaker of an operation."""
        with self._lock:
            if operation not in self._known:
                self._known[operation] = Breaker(operation, self._settings)
            return self._known[operation]


class _Teller(pybreaker.CircuitBreakerListener):
    def __init__(self, operation: str) -> None:
        self._operation = operation

    def state_change(
        self,
        cb: pybreaker.CircuitBreaker,
        old_state: pybreaker.CircuitBreakerState | None,
        new_state: pybreaker.CircuitBreakerState,
    ) -> None:
        """Show the new state in the metrics and the log."""
        note_breaker(self._operation, new_state.name, _STATES)
        _LOG.warning("registry_breaker", operation=self._operation, state=new_state.name)


def _report(fault: RegistryError | None) -> None:
    if fault is not None:
        raise fault
