"""The databases of a house under chaos: read to count, traced, and locked; SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from sandbox.house.layout import Layout

_PATIENCE_SECONDS: Final = 20
_ON_SQLITE: Final = """
CREATE TABLE chaos_sent (outbox_id INTEGER, provider_id TEXT);
CREATE TRIGGER chaos_sent AFTER UPDATE OF provider_id ON outbox
WHEN NEW.provider_id <> '' AND NEW.provider_id <> OLD.provider_id
BEGIN INSERT INTO chaos_sent VALUES (NEW.id, NEW.provider_id); END;
"""
_ON_POSTGRESQL: Final = """
CREATE TABLE chaos_sent (outbox_id BIGINT, provider_id TEXT);
CREATE FUNCTION chaos_note() RETURNS trigger AS $$
BEGIN INSERT INTO chaos_sent VALUES (NEW.id, NEW.provider_id); RETURN NULL; END
$$ LANGUAGE plpgsql;
CREATE TRIGGER chaos_sent AFTER UPDATE OF provider_id ON outbox FOR EACH ROW
WHEN (NEW.provider_id <> '' AND NEW.provider_id <> OLD.provider_id) EXECUTE FUNCTION chaos_note();
"""
# What a turn, or the writing of transcripts, cannot do without.
_LOCKED: Final = {
    "records": "LOCK TABLE numbers, consents, drafts, submissions, outbox IN ACCESS EXCLUSIVE MODE",
    "transcripts": "LOCK TABLE conversations, turns, letters IN ACCESS EXCLUSIVE MODE",
}


@dataclass(frozen=True, slots=True)
class Stores:
    """Those of one house. Each method opens what it needs and closes it again."""

    layout: Layout

    def read(self, name: str, asked: str) -> list[tuple[Any, ...]]:
        """The rows that a query finds in the records, the transcripts or the sandbox registry."""
        with self._connected(name) as database:
            return [tuple(row) for row in database.exec_driver_sql(asked)]

    def trace_sending(self) -> None:
        """Have the records note every acknowledgement of a message, so that a second one shows."""
        if self._is_sqlite("records"):
            with self._as_file("records") as records:
                records.executescript(_ON_SQLITE)
        else:
            with self._connected("records") as records:
                records.exec_driver_sql(_ON_POSTGRESQL)
                records.commit()

    @contextmanager
    def locked(self, name: str) -> Iterator[bool]:
        """Nobody else writes meanwhile; False where somebody else holds it as long as one waits."""
        if self._is_sqlite(name):
            with self._as_file(name) as database:
                try:
                    database.execute("BEGIN EXCLUSIVE")
                except sqlite3.OperationalError:
                    yield False
                    return
                yield True
                database.execute("ROLLBACK")
            return
        with self._connected(name) as held:
            held.exec_driver_sql(f"SET lock_timeout = '{_PATIENCE_SECONDS}s'")
            try:
                held.exec_driver_sql(_LOCKED[name])
            except sa.exc.OperationalError:
                yield False
                return
            yield True
            held.rollback()

    def _url(self, name: str) -> str:
        # The sandbox registry has its own file, whatever the service has.
        return self.layout.stores.get(name, f"sqlite:///{self.layout.data / f'{name}.sqlite'}")

    def _is_sqlite(self, name: str) -> bool:
        return sa.make_url(self._url(name)).get_backend_name() == "sqlite"

    @contextmanager
    def _connected(self, name: str) -> Iterator[sa.Connection]:
        wait = {"timeout" if self._is_sqlite(name) else "connect_timeout": _PATIENCE_SECONDS}
        engine = sa.create_engine(self._url(name), poolclass=sa.NullPool, connect_args=wait)
        with engine.connect() as connection:
            yield connection

    @contextmanager
    def _as_file(self, name: str) -> Iterator[sqlite3.Connection]:
        path = str(sa.make_url(self._url(name)).database)
        database = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
        try:
            yield database
        finally:
            database.close()
