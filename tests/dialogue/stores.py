"""Everything the service keeps, as text, for a test that searches it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, cast

import redis

from core.privacy import Pseudonyms, read_key
from core.recorded import STREAM
from tests.end_to_end.running_house import RunningHouse

_READ: dict[bytes, Callable[[redis.Redis, bytes], Any]] = {
    b"string": lambda store, key: store.get(key),
    b"list": lambda store, key: store.lrange(key, 0, -1),
    b"hash": lambda store, key: store.hgetall(key),
    b"set": lambda store, key: store.smembers(key),
    b"zset": lambda store, key: store.zrange(key, 0, -1),
    b"stream": lambda store, key: store.xrange(key),
    # Gone since it was listed.
    b"none": lambda store, key: b"",
}


def pseudonyms(house: RunningHouse) -> Pseudonyms:
    """The keyed hashes as this house makes them."""
    key = (house.data / "secrets" / "pseudonym_key").read_text(encoding="utf-8").strip()
    return Pseudonyms(read_key(key, "pseudonym_key"))


def redis_keys(house: RunningHouse) -> dict[str, str]:
    """What lies in Redis under each key, in every database."""
    found = {}
    for number in (0, 1, 2):
        store = redis.Redis.from_url(f"redis://127.0.0.1:{house.ports_from + 6}/{number}")
        for key in store.scan_iter():
            value = _READ[cast(bytes, store.type(key))](store, key)
            text = value if isinstance(value, bytes) else repr(value).encode()
            found[key.decode("utf-8", "replace")] = text.decode("utf-8", "replace")
        store.close()
    return found


def rows(house: RunningHouse, query: str, *values: str) -> list[tuple[Any, ...]]:
    """What the records answer to a query."""
    records = sqlite3.connect(f"file:{house.data}/records.sqlite?mode=ro", uri=True)
    found = records.execute(query, values).fetchall()
    records.close()
    return found


def tables_that_hold(house: RunningHouse, text: str) -> set[str]:
    """The tables of the records in which a text stands anywhere."""
    named = rows(house, "select name from sqlite_master where type = 'table'")
    return {name for (name,) in named if text in repr(rows(house, f"select * from {name}"))}


def transcripts_hold(house: RunningHouse, text: str) -> bool:
    """True where a text stands anywhere in the transcripts, or records still wait for them."""
    store = redis.Redis.from_url(f"redis://127.0.0.1:{house.ports_from + 6}/0")
    waits = bool(store.xlen(STREAM))
    store.close()
    found = sqlite3.connect(f"file:{house.data}/transcripts.sqlite?mode=ro", uri=True)
    tables = found.execute("select name from sqlite_master where type = 'table'").fetchall()
    holds = any(
        text in repr(found.execute(f"select * from {name}").fetchall()) for (name,) in tables
    )
    found.close()
    return waits or holds
