"""How the registry does, as each process that asks it sees it: noted in Redis, read by staff.

Operations by their names, states of breakers, codes of faults and moments; nothing of a person.
What a process has not noted for an hour is forgotten, for the process is likely gone.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, cast

import orjson
import redis

_SEEN: Final = "registry:seen"
_KEPT: Final = "registry:kept"
_FORGOTTEN_AFTER: Final = timedelta(hours=1)
_NOTED_EVERY_SECONDS: Final = 600.0
# A registry that fails a thousand times a second is noted once in it.
_FAULTS_EVERY_SECONDS: Final = 1.0
# A store that failed is not tried for a while: whoever notes has a citizen who waits.
_STORE_SPARED_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """An operation as one process last saw it; `fault` is the last one, if it had any."""

    operation: str
    process: str
    state: str
    at: datetime
    fault: str = ""
    fault_at: datetime | None = None


@dataclass(slots=True)
class _Noted:
    state: str = ""
    at: float = float("-inf")
    fault: str = ""
    fault_at: datetime | None = None


class RegistryHealth:
    """Notes what a process sees, and reads what all saw; without a store nothing is noted."""

    def __init__(
        self,
        store: redis.Redis | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._noted: dict[str, _Noted] = {}
        self._spared_until = float("-inf")

    def note(self, operation: str, state: str, fault: str = "") -> None:
        """An operation's breaker is in a state, after a call that had a fault or none.

        Never raises, and says nothing new to the store as long as nothing is.
        """
        now = time.monotonic()
        with self._lock:
            noted = self._noted.setdefault(operation, _Noted())
            every = _FAULTS_EVERY_SECONDS if fault else _NOTED_EVERY_SECONDS
            is_new = state != noted.state or (fault != "" and fault != noted.fault)
            if fault:
                noted.fault, noted.fault_at = fault, self._clock()
            if not is_new and now < noted.at + every:
                return
            noted.state, noted.at = state, now
            told = {
                "state": state,
                "at": self._clock().isoformat(),
                "fault": noted.fault,
                "fault_at": noted.fault_at.isoformat() if noted.fault_at else None,
            }
        process = f"{socket.gethostname()}:{os.getpid()}"
        self._write(_SEEN, f"{operation}|{process}", orjson.dumps(told))

    def answered(self, what: str) -> None:
        """The registry was asked for something that is kept, and answered. Never raises."""
        self._write(_KEPT, what, self._clock().isoformat())

    def seen(self) -> list[Seen]:
        """What each process saw of each operation. Raises what Redis raises."""
        if self._store is None:
            return []
        fields = cast("dict[bytes, bytes]", self._store.hgetall(_SEEN))
        found = [_read(name.decode(), value) for name, value in fields.items()]
        oldest = self._clock() - _FORGOTTEN_AFTER
        old = [f"{one.operation}|{one.process}" for one in found if one.at < oldest]
        if old:
            self._store.hdel(_SEEN, *old)
        return [one for one in found if one.at >= oldest]

    def kept(self) -> dict[str, datetime]:
        """When the registry last answered what is kept, by its name. Raises what Redis raises."""
        if self._store is None:
            return {}
        fields = cast("dict[bytes, bytes]", self._store.hgetall(_KEPT))
        return {name.decode(): datetime.fromisoformat(at.decode()) for name, at in fields.items()}

    def _write(self, key: str, field: str, value: bytes | str) -> None:
        if self._store is None or time.monotonic() < self._spared_until:
            return
        try:
            self._store.hset(key, field, cast("str", value))
        except redis.RedisError:
            self._spared_until = time.monotonic() + _STORE_SPARED_SECONDS


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as all processes together see it: the worst state, and the last fault."""

    name: str
    state: str
    processes: int
    at: datetime
    fault: str = ""
    fault_at: datetime | None = None


_WORST: Final = ("open", "half-open", "closed")


def together(seen: Iterable[Seen]) -> list[Operation]:
    """The operations, those that are not asked first, then by name."""
    by_name: dict[str, list[Seen]] = {}
    for one in seen:
        by_name.setdefault(one.operation, []).append(one)
    found = [_together(name, ones) for name, ones in by_name.items()]
    return sorted(found, key=lambda one: (_rank(one.state), one.name))


def _together(name: str, ones: list[Seen]) -> Operation:
    worst = min(ones, key=lambda one: _rank(one.state))
    faults = [(one.fault_at, one.fault) for one in ones if one.fault_at]
    fault_at, fault = max(faults) if faults else (None, "")
    return Operation(name, worst.state, len(ones), max(one.at for one in ones), fault, fault_at)


def _rank(state: str) -> int:
    return _WORST.index(state) if state in _WORST else len(_WORST)


def _read(name: str, value: bytes) -> Seen:
    operation, _, process = name.partition("|")
    told = orjson.loads(value)
    fault_at = datetime.fromisoformat(told["fault_at"]) if told["fault_at"] else None
    at = datetime.fromisoformat(told["at"])
    return Seen(operation, process, told["state"], at, told["fault"], fault_at)
