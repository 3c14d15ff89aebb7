"""Opening the sandbox registry's database, filled before its first use."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect

from sandbox.registry.seed import make_population
from sandbox.registry.tables import Base, Clock, Enrolment, Household, Person


class RegistryDatabase:
    """The two ways into one SQLite database: `reading`, and `writing`, one writer at a time."""

    def __init__(self, url: str) -> None:
        self.reading = create_engine(url)
        event.listen(self.reading, "connect", _prepare)
        event.listen(self.reading, "begin", _begin)
        self.writing = self.reading.execution_options(writes=True)
        _fill(self.writing)

    def close(self) -> None:
        """Close all connections."""
        self.reading.dispose()


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


def _fill(engine: Engine) -> None:
    """Make the tables and the population in one transaction; whoever comes second finds them."""
    with engine.begin() as connection:
        if inspect(connection).has_table(Clock.__tablename__):
            return
        Base.metadata.create_all(connection)
        population = make_population(datetime.now(UTC).date())
        connection.execute(insert(Household), population.households)
        connection.execute(insert(Person), population.people)
        connection.execute(insert(Enrolment), population.enrolments)
        connection.execute(insert(Clock), {"id": 1, "ahead_seconds": 0.0})
