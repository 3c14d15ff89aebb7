"""Public answers of the registry, kept: offices and the catalogue of programmes.

What is fresh is told without asking. When the registry is away, what was told last is told again
with its day, up to `registry_kept_days`. Nothing of a person is kept here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar, cast

import orjson
import redis
from pydantic import TypeAdapter, ValidationError

from actions.registry.metrics import KEPT
from actions.registry.settings import RegistrySettings
from actions.registry.shapes import Office, ProgrammeState
from core.errors import RegistryTimeout, RegistryUnavailable
from core.logs import log
from core.registry_health import RegistryHealth

_LOG = log(__name__)
T = TypeVar("T", Office, ProgrammeState)
_DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class _Found(Generic[T]):
    told: tuple[T, ...]
    at: datetime


class Kept(Generic[T]):
    """What the registry said of one kind of thing, in Redis; without a store nothing is kept.

    A store that fails is as good as none: the registry itself is asked.
    """

    def __init__(
        self,
        what: str,
        kind: type[T],
        settings: RegistrySettings,
        store: redis.Redis | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._what = what
        self._fresh = settings.registry_fresh_seconds
        self._life = settings.registry_kept_days * _DAY_SECONDS
        self._store = store
        self._clock = clock
        self._health = RegistryHealth(store, clock)
        self._adapter: TypeAdapter[list[T]] = TypeAdapter(list[kind])  # type: ignore[valid-type]

    def ask(self, question: str, ask: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
        """What `ask` returns, or what it returned before; each with `as_of` where that is stale.

        Raises what `ask` raises where nothing is kept.
        """
        key = f"kept:{self._what}:{hashlib.sha256(question.encode()).hexdigest()}"
        found = self._read(key)
        now = self._clock()
        if found is not None and (now - found.at).total_seconds() < self._fresh:
            KEPT.labels(self._what, "fresh").inc()
            return found.told
        try:
            told = ask()
        except (RegistryUnavailable, RegistryTimeout):
            if found is None:
                raise
            KEPT.labels(self._what, "stale").inc()
            return tuple(replace(one, as_of=found.at) for one in found.told)
        self._write(key, told, now)
        self._health.answered(self._what)
        return told

    def _read(self, key: str) -> _Found[T] | None:
        if self._store is None:
            return None
        try:
            kept = cast("bytes | None", self._store.get(key))
            if kept is None:
                return None
            value = orjson.loads(kept)
            told = self._adapter.validate_python(value["told"])
            return _Found(tuple(told), datetime.fromisoformat(value["at"]))
        except (redis.RedisError, ValidationError, ValueError, KeyError, TypeError) as fault:
            _LOG.warning("kept_unreadable", what=self._what, fault=type(fault).__name__)
            return None

    def _write(self, key: str, told: tuple[T, ...], now: datetime) -> None:
        if self._store is None:
            return
        value = orjson.dumps({"at": now.isoformat(), "told": told})
        try:
            self._store.set(key, value, ex=self._life)
        except redis.RedisError as fault:
            _LOG.warning("kept_unwritten", what=self._what, fault=type(fault).__name__)
