"""The turns of this process: so many at once, the others in a queue that is measured.

A turn is turned away when it would wait too long, and only then. How long is reckoned from what is
there: the turns that wait, and how long a turn takes now. That is the mean of those that ended, or
the age of those that run where these have grown older: so an engine that stalls is noticed at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import Final

from channels.deadline import Said
from channels.meters import EXPECTED_WAIT, RUNNING, WAITING
from core.errors import Overloaded

# How much the last turn counts in the mean.
_WEIGHT: Final = 0.1


class TurnQueue:
    """Runs turns in threads, `at_once` of them; `now` tells the time in seconds."""

    def __init__(self, at_once: int, now: Callable[[], float] = time.monotonic) -> None:
        self._at_once = at_once
        self._now = now
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="turn")
        self._lock = Lock()
        self._waiting = 0
        self._begun: dict[int, float] = {}
        self._last = 0
        self._mean = 0.0
        self._told = 0.0

    def submit(self, take: Callable[[], Said], patience: float) -> Future[Said]:
        """Have a turn taken. Raises Overloaded where it would wait longer than `patience`."""
        with self._lock:
            wait = self._expected_wait()
            if wait != self._told:
                self._told = wait
                EXPECTED_WAIT.set(wait)
            if wait > patience:
                raise Overloaded(f"{self._waiting} turns wait")
            self._count_waiting(1)
        # In the trace of the hop.
        future = self._pool.submit(copy_context().run, self._run, take)
        future.add_done_callback(self._drop)
        return future

    def expected_wait(self) -> float:
        """How many seconds a turn that comes now would wait for its beginning."""
        with self._lock:
            return self._expected_wait()

    def close(self) -> None:
        """Let the turns that still run come to their end."""
        self._pool.shutdown(wait=True)

    def _expected_wait(self) -> float:
        if len(self._begun) + self._waiting < self._at_once:
            return 0.0
        now = self._now()
        ages = [now - begun for begun in self._begun.values()]
        seconds = max(self._mean, sum(ages) / len(ages) if ages else 0.0)
        return (self._waiting + 1) * seconds / self._at_once

    def _run(self, take: Callable[[], Said]) -> Said:
        begun = self._now()
        with self._lock:
            self._count_waiting(-1)
            self._last += 1
            mine = self._last
            self._begun[mine] = begun
            RUNNING.inc()
        try:
            return take()
        finally:
            with self._lock:
                del self._begun[mine]
                RUNNING.dec()
                self._mean += _WEIGHT * (self._now() - begun - self._mean)

    def _drop(self, future: Future[Said]) -> None:
        if future.cancelled():
            with self._lock:
                self._count_waiting(-1)

    def _count_waiting(self, change: int) -> None:
        self._waiting += change
        WAITING.inc(change)
