"""Writing what was recorded into the transcripts, in batches, off the citizen's way.

Records wait in a stream of Redis until they are written and only then leave it, so that nothing is
lost while the transcripts are away. A batch that is written twice is kept once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, cast

import orjson
import redis

from core import editions
from core.errors import StoreUnavailable, TokenRefused, WrittenLater
from core.logs import log
from core.recorded import (
    ENGINE_STREAM,
    LETTER,
    STREAM,
    TURN,
    UNDERSTOOD,
    UNFINISHED,
    open_record,
)
from records.clock import utc_now
from transcripts.letters import Letter
from transcripts.turns import RecordedTurn, Understood
from worker.app import app, settings
from worker.archive import Archive, archive
from worker.house import house

_LOG = log(__name__)
_AT_ONCE: Final = 500
_LOCK: Final = "recording"
_LOCK_SECONDS: Final = 60
# A turn that runs longer than the engine is waited for has died with its door.
_LEFT_SECONDS: Final = settings.engine_timeout_seconds + 15.0

Entry = tuple[bytes, dict[bytes, bytes]]


@app.task(
    name="worker.recording.record",
    autoretry_for=(StoreUnavailable, redis.RedisError),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=3,
)
def record() -> None:
    """Write all that waits. One worker at a time; another finds nothing to do."""
    own = archive()
    lock = own.store.lock(_LOCK, timeout=_LOCK_SECONDS)
    if not lock.acquire(blocking=False):
        return
    try:
        for name, store, write in (
            (STREAM, own.store, _write),
            (ENGINE_STREAM, own.engine_store, _write_understood),
        ):
            if store is None:
                continue
            for entries in _batches(store, name):
                if written := write(own, entries):
                    store.xdel(name, *written)
                lock.reacquire()
        _write_left(own, _LEFT_SECONDS)
    finally:
        if lock.owned():
            lock.release()


def record_all() -> None:
    """Write all that waits, and what is known of turns that still run."""
    record()
    _write_left(archive(), 0.0)


def _batches(store: redis.Redis, name: str) -> Iterator[list[Entry]]:
    after = "-"
    while entries := cast("list[Entry]", store.xrange(name, min=after, count=_AT_ONCE)):
        yield entries
        # What stays in the stream is passed over.
        after = f"({entries[-1][0].decode()}"


def _write(own: Archive, entries: list[Entry]) -> list[bytes]:
    """Write what can be read, and return the entries that need not be kept."""
    turns, letters, done = [], [], []
    for identity, fields in entries:
        with _staying_if_later():
            for kind, sealed in fields.items():
                if kind == TURN.encode():
                    turns += _opened(sealed, RecordedTurn.from_json)
                elif kind == LETTER.encode():
                    letters += _opened(sealed, Letter.from_json)
            done.append(identity)
    own.transcripts.record(turns)
    if letters:
        own.transcripts.keep_letters(letters)
    _LOG.info("recorded", turns=len(turns), letters=len(letters))
    return done


def _write_left(own: Archive, seconds: float) -> None:
    """Write what is known of turns that did not live to their end, the doors of which died."""
    waiting = cast("dict[bytes, bytes]", own.store.hgetall(UNFINISHED))
    oldest = utc_now() - timedelta(seconds=seconds)
    opened: dict[bytes, list[RecordedTurn]] = {}
    for key, sealed in waiting.items():
        with _staying_if_later():
            opened[key] = _opened(sealed, RecordedTurn.from_json)
    left = {key: turns for key, turns in opened.items() if all(turn.at <= oldest for turn in turns)}
    if left:
        own.transcripts.record(turn for turns in left.values() for turn in turns)
        own.store.hdel(UNFINISHED, *left)
        _LOG.info("recorded_unfinished", turns=len(left))


def _write_understood(own: Archive, entries: list[Entry]) -> list[bytes]:
    """Write what can be read, and return the entries that need not be kept."""
    values, done = [], []
    for identity, fields in entries:
        with _staying_if_later():
            try:
                told = editions.UNDERSTOOD.loads(fields[UNDERSTOOD.encode()])
                values.append(Understood(**told))
            except (KeyError, TypeError, orjson.JSONDecodeError):
                _LOG.error("record_unreadable", of="engine")
            done.append(identity)
    own.transcripts.understand(values)
    return done


@contextmanager
def _staying_if_later() -> Iterator[None]:
    """What only a later release reads stays for a worker of it, and holds up nothing else."""
    try:
        yield
    except WrittenLater as later:
        _LOG.warning("record_waits", fault=str(later))


def _opened(sealed: bytes, read: Callable[[bytes], Any]) -> list[Any]:
    """What is sealed, or nothing where it can never be read: it must not hold up the others."""
    try:
        return [read(open_record(house().seal, sealed))]
    except (KeyError, TokenRefused, TypeError, ValueError):
        _LOG.error("record_unreadable", of="door")
        return []
