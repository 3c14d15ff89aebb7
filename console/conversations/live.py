"""Telling browsers that something was said: a stream of events, or an answer for those who poll.

A stream holds a thread, so there are few of them and none lasts: a browser opens it again by
itself, and one that finds no place polls (static/live.js).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import Final

from flask import Response

from core.errors import StoreUnavailable

_LIFE_SECONDS: Final = 60.0
_EVERY_SECONDS: Final = 2.0
_TYPE: Final = "text/event-stream"


class Live:
    """At most `places` streams of marks at once; a mark changes when something is said."""

    def __init__(self, places: int, every_seconds: float = _EVERY_SECONDS) -> None:
        self._free = BoundedSemaphore(places)
        self._every = every_seconds

    def answer(self, newest: Callable[[], str]) -> Response:
        """The events as an answer; an empty one where every place is taken."""
        events = self.stream(newest)
        return Response(events, mimetype=_TYPE) if events else Response(status=204)

    def stream(self, newest: Callable[[], str]) -> Iterator[str] | None:
        """The events, or None where every place is taken. Closing them frees the place."""
        if not self._free.acquire(blocking=False):
            return None
        return _Events(self._events(newest), self._free)

    def _events(self, newest: Callable[[], str]) -> Iterator[str]:
        ends, known = time.monotonic() + _LIFE_SECONDS, ""
        while time.monotonic() < ends:
            try:
                mark = newest()
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
