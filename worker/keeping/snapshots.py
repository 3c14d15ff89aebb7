"""Databases held still at one moment, to be counted and copied while everything goes on.

SQLite: the write locks of all files are held together for an instant, in which a reading
transaction begins on each, so that no write lies between them. PostgreSQL: a snapshot is exported
by each database in that same instant, and pg_dump reads by it. Chains that lie in one database are
one store, and have one snapshot.
"""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

import sqlalchemy as sa

from core.errors import StoreUnavailable
from records.database import Database, open_database
from worker.keeping.manifest import BackupRefused
from worker.keeping.postgres import environment_of, find_program

_TRIES: Final = 20
_PAUSE_SECONDS: Final = 0.25
# Whoever wants to write waits as long; a call's deadline is further off.
_FENCE_SECONDS: Final = 1
PLACE: Final = sa.text(
    "SELECT current_database(), current_schema(), inet_server_addr()::text, inet_server_port(),"
    " pg_postmaster_start_time()::text"
)


@dataclass
class Snapshot:
    """A database as it was at one moment; `names` are the chains in it."""

    names: list[str]
    url: str
    connection: sa.Connection
    schema: str = ""
    exported: str = ""
    place: object = None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self.connection.dialect.name == "sqlite"

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        return count_rows(self.connection)

    def head(self, version_table: str) -> str:
        """How far the migrations of a chain came; empty where it never was here."""
        if version_table not in sa.inspect(self.connection).get_table_names():
            return ""
        version: sa.Select[str] = sa.select(sa.column("version_num", sa.String))
        version = version.select_from(sa.table(version_table))
        return str(self.connection.execute(version).scalar() or "")

    def audit(self) -> tuple[int, str]:
        """How many rows the audit has, and the last hash."""
        last = "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"
        found = self.connection.exec_driver_sql(last).first()
        return (int(found[0]), str(found[1])) if found else (0, "")

    @contextmanager
    def copied(self, work: Path) -> Iterator[IO[bytes]]:
        """A stream of all of it; `work` is an empty folder that nobody else reads.

        Raises BackupRefused where it could not be read to its end.
        """
        if self.is_sqlite:
            path = work / "copy.sqlite"
            source = cast(sqlite3.Connection, self.connection.connection.driver_connection)
            with sqlite3.connect(path) as target:
                source.backup(target)
                # A file of its own, without a log beside it.
                target.execute("PRAGMA journal_mode = DELETE")
            target.close()
            with path.open("rb") as file:
                yield file
            path.unlink()
            return
        command = [find_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
        command += [f"--schema={self.schema}", f"--snapshot={self.exported}"]
        environment = environment_of(self.url)
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            yield cast("IO[bytes]", process.stdout)
        if process.returncode != 0:
            raise BackupRefused(f"pg_dump ended with {process.returncode}")


def count_rows(connection: sa.Connection) -> dict[str, int]:
    """How many rows every table of a database has."""
    counted = sa.select(sa.func.count())
    return {
        name: connection.execute(counted.select_from(sa.table(name))).scalar_one()
        for name in sorted(sa.inspect(connection).get_table_names())
    }


@contextmanager
def held_still(urls: Mapping[str, str]) -> Iterator[list[Snapshot]]:
    """The databases of all chains, at one moment. Raises StoreUnavailable."""
    with ExitStack() as stack:
        opened: dict[str, Database] = {}
        for name, url in urls.items():
            opened[name] = open_database(url, _FENCE_SECONDS)
            stack.callback(opened[name].close)
        for tries_left in reversed(range(_TRIES)):
            with ExitStack() as reading:
                try:
                    yielded = _freeze(reading, opened, urls)
                except StoreUnavailable:
                    # Somebody wrote for so long; nobody is kept waiting by us meanwhile.
                    if not tries_left:
                        raise
                    time.sleep(_PAUSE_SECONDS)
                    continue
                yield yielded
                return


def _freeze(
    reading: ExitStack, opened: Mapping[str, Database], urls: Mapping[str, str]
) -> list[Snapshot]:
    with ExitStack() as fence:
        fenced: set[str] = set()
        for database in opened.values():
            file = database.engine.url.database or ""
            if database.engine.dialect.name == "sqlite" and file not in fenced:
                fenced.add(file)
                # BEGIN IMMEDIATE: nobody writes until all of them are held.
                fence.enter_context(database.session()).connection()
        found: list[Snapshot] = []
        for name, database in opened.items():
            session = reading.enter_context(database.reading())
            one = _snapshot(name, urls[name], session.connection)
            same = next((known for known in found if known.place == one.place), None)
            if same is None:
                found.append(one)
            else:
                same.names.append(name)
        return found


def _snapshot(name: str, url: str, open_connection: Callable[..., sa.Connection]) -> Snapshot:
    if sa.make_url(url).get_backend_name() == "sqlite":
        connection = open_connection()
        # The transaction begins to show one moment with what it reads first.
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        file = Path(sa.make_url(url).database or "").resolve()
        return Snapshot([name], url, connection, place=file)
    connection = open_connection(execution_options={"isolation_level": "REPEATABLE READ"})
    exported = str(connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar())
    place = tuple(connection.execute(PLACE).one())
    return Snapshot([name], url, connection, str(place[1]), exported, place)
