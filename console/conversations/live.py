"""Telling browsers that something was said: a stream of events, or an answer for those who poll.

A stream holds a thread, so there are few of them and none lasts: a browser opens it again by
itself, and one that finds no place polls (static/conversations.js).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import Final

from core.errors import StoreUnavailable

_LIFE_SECONDS: Final = 60.0
_EVERY_SECONDS: Final = 2.0


class Live:
    """At most `places` streams of marks at once; a mark changes when something is said."""

    def __init__(
        self, newest: Callable[[], str], places: int, every_seconds: float = _EVERY_SECONDS
    ) -> None:
        self._newest = newest
        self._free = BoundedSemaphore(places)
        self._every = every_seconds

    def stream(self) -> Iterator[str] | None:
        """The events, or None where every place is taken. Closing them frees the place."""
        if not self._free.acquire(blocking=False):
            return None
        return _Events(self._events(), self._free)

    def _events(self) -> Iterator[str]:
        ends, known = time.monotonic() + _LIFE_SECONDS, ""
        while time.monotonic() < ends:
            try:
                mark = self._newest()
            except StoreUnavailable:
                return
            # A comment finds out whether anybody still listens.
            yield f"data: {mark}\n\n" if mark != known else ": \n\n"
            known = mark
            time.sleep(self._every)


class _Events:
    """An iterator whose place is freed however it ends, begun or not."""

    def __init__(self, events: Iterator[str], free: BoundedSemaphore) -> None:
        self._events = events
        self._free: BoundedSemaphore | None = free

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            return next(self._events)
        except StopIteration:
            self.close()
            raise

    def close(self) -> None:
        """Free the place, once."""
        free, self._free = self._free, None
        if free is not None:
            free.release()
