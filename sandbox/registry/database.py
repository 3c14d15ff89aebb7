"""Opening the sandbox registry's database, which is filled before its first use."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, create_engine, event, inspect, select
from sqlalchemy.orm import Session

from sandbox.registry.populating import populate
from sandbox.registry.seed import SEED
from sandbox.registry.tables import Base, Clock

# Raised whenever the tables or the population change.
_SHAPE: Final = 4


class RegistryDatabase:
    """The two ways into one SQLite database: `reading`, and `writing`, one writer at a time.

    `households` asks for a multitude beside the usual two hundred; what happens is drawn by `seed`.
    """

    def __init__(self, url: str, households: int = 0, seed: int = SEED) -> None:
        self.reading = create_engine(url)
        event.listen(self.reading, "connect", _prepare)
        event.listen(self.reading, "begin", _begin)
        self.writing = self.reading.execution_options(writes=True)
        self._asked = (households, seed)
        self._queue = threading.Lock()
        self._fill()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that writes: committed at its end, undone on any exception.

        Threads of this process queue up here, for SQLite lets one writer in and has others try
        again and again.
        """
        with self._queue, Session(self.writing) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads and holds up nobody."""
        with Session(self.reading) as session:
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.reading.dispose()

    def begin_anew(self) -> None:
        """Make the whole registry again, as of today, its clock the machine's."""
        with self.writing.begin() as connection:
            self._make(connection)

    def _fill(self) -> None:
        """Make the registry where there is none; whoever comes second finds it.

        One of an older shape, or of another size, is made anew: nothing in it is anybody's.
        """
        with self.writing.begin() as connection:
            shape = connection.exec_driver_sql("PRAGMA user_version").scalar()
            made = select(Clock.households, Clock.seed)
            if shape != _SHAPE or connection.execute(made).one() != self._asked:
                self._make(connection)

    def _make(self, connection: Connection) -> None:
        households, seed = self._asked
        for name in inspect(connection).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE {name}")
        Base.metadata.create_all(connection)
        populate(connection, households, seed, datetime.now(UTC).date())
        connection.exec_driver_sql(f"PRAGMA user_version = {_SHAPE}")


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    # Python's driver must not begin transactions by itself: `_begin` says how they begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 10000", "journal_mode = WAL", "synchronous = NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: reading first and writing later could fail half-way.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
