"""Where sealed values lie, under which keys, and wrapping them under the key that seals now.

In SQL that is every binary column called `sealed`, whoever made its table; in Redis every text that
begins as a sealed value does; in the broker the arguments of tasks, which are counted and not
changed. Nothing need stop: a value that changes meanwhile is left as it was changed.
"""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import redis
import sqlalchemy as sa

from core.errors import TokenRefused
from core.privacy import SEALED_HEAD, Seal, key_of
from records.database import Database

_COLUMN: Final = "sealed"
_BATCH: Final = 200
# Sets a value where it is still the one that was read, and keeps its time.
_SWAP: Final = """
if redis.call('get', KEYS[1]) == ARGV[1] then
    redis.call('set', KEYS[1], ARGV[2], 'KEEPTTL')
    return 1
end
return 0
"""


class SealedRows:
    """The sealed values of one SQL database. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self) -> Counter[str]:
        """How many values there are under each key, by its id."""
        found: Counter[str] = Counter()
        with self._database.reading() as session:
            for table in self._tables():
                head = sa.func.substr(table.c[_COLUMN], 1, SEALED_HEAD)
                each = sa.select(head, sa.func.count()).where(table.c[_COLUMN] != b"")
                for start, number in session.execute(each.group_by(head)):
                    found[bytes(start)[1:].hex()] += number
        return found

    def rewrap(self, seal: Seal) -> tuple[int, int]:
        """Wrap every value anew that is under another key: how many, and how many cannot be."""
        done = unknown = 0
        for table in self._tables():
            for rows in self._batches(table):
                changes = []
                for *key, old in rows:
                    try:
                        new = seal.rewrap(old)
                    except TokenRefused:
                        unknown += 1
                        continue
                    if new != old:
                        changes.append((key, old, new))
                done += self._change(table, changes)
        return done, unknown

    def _tables(self) -> list[sa.Table]:
        """The tables with such a column, with it and their primary key."""
        inspector, found = sa.inspect(self._database.engine), []
        for name in inspector.get_table_names():
            columns = {column["name"]: column["type"] for column in inspector.get_columns(name)}
            if isinstance(columns.get(_COLUMN), sa.LargeBinary):
                keys = inspector.get_pk_constraint(name)["constrained_columns"]
                made = [sa.Column(key, columns[key], primary_key=True) for key in keys]
                found.append(
                    sa.Table(name, sa.MetaData(), *made, sa.Column(_COLUMN, sa.LargeBinary))
                )
        return found

    def _batches(self, table: sa.Table) -> Iterator[Sequence[Any]]:
        key = list(table.primary_key.columns)
        wanted = sa.select(*key, table.c[_COLUMN]).where(table.c[_COLUMN] != b"")
        wanted = wanted.order_by(*key).limit(_BATCH)
        after: sa.ColumnElement[bool] = sa.true()
        while True:
            with self._database.reading() as session:
                rows = session.execute(wanted.where(after)).all()
            if not rows:
                return
            yield rows
            after = sa.tuple_(*key) > sa.tuple_(*(sa.literal(value) for value in rows[-1][:-1]))

    def _change(self, table: sa.Table, changes: list[tuple[list[Any], bytes, bytes]]) -> int:
        """Put the new values where the old ones still are; how many that were."""
        if not changes:
            return 0
        changed = 0
        key = list(table.primary_key.columns)
        with self._database.session() as session:
            for values, old, new in changes:
                mine = [column == value for column, value in zip(key, values, strict=True)]
                change = sa.update(table).where(*mine, table.c[_COLUMN] == old)
                given = change.values({_COLUMN: new}).returning(key[0])
                changed += len(session.execute(given).all())
        return changed


class SealedTexts:
    """The sealed values of one Redis database. Every method may raise what Redis raises."""

    def __init__(self, store: redis.Redis) -> None:
        self._store = store

    def count(self) -> Counter[str]:
        """How many values there are under each key, by its id."""
        return Counter(key_of(value) for _, value in self._all())

    def rewrap(self, seal: Seal) -> tuple[int, int]:
        """Wrap every value anew that is under another key: how many, and how many cannot be."""
        done = unknown = 0
        swap = self._store.register_script(_SWAP)
        for name, old in self._all():
            try:
                new = seal.rewrap(old)
            except TokenRefused:
                unknown += 1
                continue
            if new != old:
                done += cast(int, swap(keys=[name], args=[old, new]))
        return done, unknown

    def _all(self) -> Iterator[tuple[bytes, bytes]]:
        cursor = -1
        while cursor != 0:
            page = self._store.scan(max(cursor, 0), count=_BATCH, _type="string")
            cursor, names = cast("tuple[int, list[bytes]]", page)
            values = cast("list[bytes | None]", self._store.mget(names) if names else [])
            for name, value in zip(names, values, strict=True):
                if value is not None and key_of(value):
                    yield name, value


def count_tasks(broker: redis.Redis) -> Counter[str]:
    """How many arguments of waiting tasks there are under each key, by its id."""
    found: Counter[str] = Counter()
    for name in broker.scan_iter(_type="list"):
        found += _arguments(cast("list[bytes]", broker.lrange(name, 0, -1)))
    for name in broker.scan_iter(_type="hash"):
        found += _arguments(cast("list[bytes]", broker.hvals(name)))
    return found


def _arguments(messages: list[bytes]) -> Counter[str]:
    found: Counter[str] = Counter()
    for message in messages:
        try:
            read: Any = json.loads(message)
            # One that a worker holds stands in a list with the way it came.
            body = read[0]["body"] if isinstance(read, list) else read["body"]
            arguments = json.loads(b64decode(body))[0]
            keys = [key_of(b64decode(one)) for one in arguments if isinstance(one, str)]
        except (ValueError, NotBase64, KeyError, IndexError, TypeError):
            continue
        found.update(key for key in keys if key)
    return found
