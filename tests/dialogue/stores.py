"""Everything the service keeps, as text, for a test that searches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import redis
import sqlalchemy as sa

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
        store = redis.Redis.from_url(house.redis_url(number))
        for key in store.scan_iter():
            value = _READ[cast(bytes, store.type(key))](store, key)
            text = value if isinstance(value, bytes) else repr(value).encode()
            found[key.decode("utf-8", "replace")] = text.decode("utf-8", "replace")
        store.close()
    return found


def rows(house: RunningHouse, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What the records answer to a query, whose values stand as `?` in it."""
    with _connected(house.records_url) as records:
        return [tuple(row) for row in records.execute(*_bound(query, values))]


def change(house: RunningHouse, statement: str, *values: object) -> None:
    """Change the records behind the service's back; the values stand as `?` in the statement."""
    with _connected(house.records_url) as records:
        records.execute(*_bound(statement, values))
        records.commit()


def everything(url: str) -> dict[str, str]:
    """All that each table of a database holds, as text."""
    with _connected(url) as database:
        return {
            table.name: repr([tuple(row) for row in database.execute(sa.select(table))])
            for table in _tables(database)
        }


def tables_that_hold(house: RunningHouse, text: str) -> set[str]:
    """The tables of the records in which a text stands anywhere."""
    return {name for name, content in everything(house.records_url).items() if text in content}


def transcripts_hold(house: RunningHouse, text: str) -> bool:
    """True where a text stands anywhere in the transcripts, or records still wait for them."""
    with redis.Redis.from_url(house.redis_url()) as store:
        waits = bool(store.xlen(STREAM))
    return waits or any(text in content for content in everything(house.transcripts_url).values())


@contextmanager
def unwritable(house: RunningHouse) -> Iterator[None]:
    """Nobody can write a consent meanwhile, as where another transaction takes its time."""
    with _connected(house.records_url) as records:
        is_sqlite = records.engine.dialect.name == "sqlite"
        lock = "BEGIN IMMEDIATE" if is_sqlite else "LOCK TABLE consents IN SHARE MODE"
        records.exec_driver_sql(lock)
        yield
        records.rollback()


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": 20})
    with engine.connect() as connection:
        yield connection


def _bound(query: str, values: tuple[object, ...]) -> tuple[sa.TextClause, dict[str, object]]:
    first, *rest = query.split("?")
    named = [f":value_{place}{part}" for place, part in enumerate(rest)]
    bound = {f"value_{place}": value for place, value in enumerate(values)}
    return sa.text(first + "".join(named)), bound


def _tables(database: sa.Connection) -> list[sa.Table]:
    seen = sa.inspect(database)
    return [
        sa.Table(name, sa.MetaData(), *(sa.Column(one["name"]) for one in seen.get_columns(name)))
        for name in seen.get_table_names()
    ]
