"""The bulkhead: so many calls at once and no more, so that a slow registry cannot take the process.

Each group of operations has its places, and all together have fewer than the process has threads.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from actions.registry.breakers import NOT_ASKED
from actions.registry.calls import Deadline
from actions.registry.metrics import IN_FLIGHT
from actions.registry.settings import ResilienceSettings
from core.errors import RegistryNotAsked, RegistryTimeout


class Bulkhead:
    """Places of each group and of all together; who finds none waits a little, then gives up."""

    def __init__(self, settings: ResilienceSettings) -> None:
        self._of_a_group = settings.registry_calls_per_group
        self._wait = settings.registry_place_seconds
        self._all = threading.BoundedSemaphore(settings.registry_calls_in_all)
        self._groups: dict[str, threading.BoundedSemaphore] = {}
        self._lock = threading.Lock()

    @contextmanager
    def place(self, group: str, deadline: Deadline) -> Iterator[None]:
        """Hold a place while a call runs. Raises RegistryNotAsked where none becomes free."""
        own = self._semaphore(group)
        self._take(own, deadline)
        try:
            self._take(self._all, deadline)
            try:
                with IN_FLIGHT.labels(group).track_inprogress():
                    yield
            finally:
                self._all.release()
        finally:
            own.release()

    def _semaphore(self, group: str) -> threading.BoundedSemaphore:
        with self._lock:
            if group not in self._groups:
                self._groups[group] = threading.BoundedSemaphore(self._of_a_group)
            return self._groups[group]

    def _take(self, places: threading.BoundedSemaphore, deadline: Deadline) -> None:
        try:
            is_free = places.acquire(timeout=deadline.left(self._wait))
        except RegistryTimeout:
            is_free = False
        if not is_free:
            raise RegistryNotAsked(f"{NOT_ASKED}: too many calls already run")
