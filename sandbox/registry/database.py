"""Opening the sandbox registry's database, filled before its first use."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, insert

from sandbox.registry.counter_tables import Application, Complaint, Payment
from sandbox.registry.seed import make_population
from sandbox.registry.seed_files import make_files
from sandbox.registry.tables import Base, Clock, Enrolment, Household, Person

# Raised whenever the tables or the population change.
_SHAPE: Final = 2


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
    """Make the tables and the population in one transaction; whoever comes second finds them.

    A database of an older shape is made anew: nothing in it is anybody's.
    """
    with engine.begin() as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar() == _SHAPE:
            return
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        today = datetime.now(UTC).date()
        population = make_population(today)
        files = make_files(population, today)
        connection.execute(insert(Household), population.households)
        connection.execute(insert(Person), population.people)
        connection.execute(insert(Enrolment), population.enrolments)
        connection.execute(insert(Application), files.applications)
        connection.execute(insert(Payment), files.payments)
        connection.execute(insert(Complaint), files.complaints)
        connection.execute(insert(Clock), {"id": 1, "ahead_seconds": 0.0})
        connection.exec_driver_sql(f"PRAGMA user_version = {_SHAPE}")
