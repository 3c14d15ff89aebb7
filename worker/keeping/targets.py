"""Where a backup is restored to: what is there, who else has it open, and putting a copy there."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

import sqlalchemy as sa
from sqlalchemy.schema import CreateSchema, DropSchema

import transcripts.tables
from records.database import open_database
from records.tables import Table
from worker.keeping.manifest import BackupRefused
from worker.keeping.postgres import environment_of, find_program
from worker.keeping.snapshots import PLACE

_WAIT_SECONDS: Final = 5
_OTHERS: Final = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
# Made in SQL by the migrations, and so in no metadata.
_MORE: Final = frozenset(("alembic_version", "transcripts_version", "found_words"))


@dataclass(frozen=True)
class Target:
    """A database to restore into, and which chains the settings put there."""

    names: tuple[str, ...]
    url: str
    kind: str
    schema: str
    tables: frozenset[str]

    @property
    def file(self) -> Path:
        """The file of an SQLite database."""
        return Path(sa.make_url(self.url).database or "")

    @property
    def unfinished(self) -> Path:
        """Where such a file is made ready."""
        return self.file.with_name(f".{self.file.name}.restoring")

    @property
    def working_url(self) -> str:
        """The URL of what was restored and is not yet ready."""
        return f"sqlite:///{self.unfinished}" if self.kind == "sqlite" else self.url

    def load(self, source: IO[bytes]) -> None:
        """Read a copy: into a file beside the target's, or into its empty schema."""
        if self.kind == "sqlite":
            self.unfinished.unlink(missing_ok=True)
            with self.unfinished.open("xb") as file:
                self.unfinished.chmod(0o600)
                shutil.copyfileobj(source, file, 1 << 20)
            return
        command = [find_program("pg_restore"), "--single-transaction", "--exit-on-error"]
        command += ["--no-owner", "--no-privileges", f"--schema={self.schema}"]
        environment = {**environment_of(self.url)}
        command += [f"--dbname={environment.get('PGDATABASE', '')}"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
            try:
                shutil.copyfileobj(source, cast("IO[bytes]", process.stdin), 1 << 20)
            except BrokenPipeError:
                # It says itself why it ended.
                pass
            except BaseException:
                # Half a copy must not be committed.
                process.kill()
                raise
        if process.returncode != 0:
            raise BackupRefused(f"pg_restore ended with {process.returncode}")

    def clear(self) -> None:
        """Drop what is there: of PostgreSQL the schema, which must hold nothing but our tables.

        Raises BackupRefused where it holds more. A file stays until another takes its place.
        """
        if self.kind == "sqlite":
            return
        strange = self.tables - _ours()
        if strange:
            raise BackupRefused(f"not of this service: {', '.join(sorted(strange))}")
        with closing(open_database(self.url, _WAIT_SECONDS)) as database:
            drop, make = DropSchema(self.schema, cascade=True), CreateSchema(self.schema)
            with database.session() as session:
                session.execute(drop)
                session.execute(make)

    def finish(self) -> None:
        """Put the file that was made ready in its place."""
        if self.kind == "sqlite":
            for ending in ("-wal", "-shm"):
                self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
            self.unfinished.replace(self.file)

    def give_up(self) -> None:
        """Leave nothing half restored."""
        if self.kind == "sqlite":
            for ending in ("", "-wal", "-shm", "-journal"):
                path = self.unfinished
                path.with_name(path.name + ending).unlink(missing_ok=True)
        else:
            self.clear()


def find_targets(urls: Mapping[str, str]) -> list[Target]:
    """The databases of the settings, those of one place together. Raises StoreUnavailable."""
    found: dict[object, Target] = {}
    for name, url in urls.items():
        place, one = _look(name, url)
        if place in found:
            one = Target((*found[place].names, name), one.url, one.kind, one.schema, one.tables)
        found[place] = one
    return list(found.values())


def check_alone(target: Target) -> None:
    """Raise BackupRefused where another process has the database open."""
    if target.kind == "sqlite":
        if not target.file.exists():
            return
        with closing(sqlite3.connect(target.file, timeout=1)) as connection:
            try:
                # Only who has the file for oneself may leave the log of writes.
                connection.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.OperationalError:
                raise BackupRefused(f"{target.file.name} is open: stop every process") from None
        return
    with (
        closing(open_database(target.url, _WAIT_SECONDS)) as database,
        database.reading() as session,
    ):
        others = session.execute(_OTHERS).scalar_one()
    if others:
        raise BackupRefused(f"{others} other connections to the database: stop every process")


def _look(name: str, url: str) -> tuple[object, Target]:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        file = Path(parsed.database or "").resolve()
        tables: frozenset[str] = frozenset()
        if file.exists():
            with closing(sqlite3.connect(file)) as connection:
                rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                tables = frozenset(str(row[0]) for row in rows)
        return file, Target((name,), url, "sqlite", "", tables)
    with closing(open_database(url, _WAIT_SECONDS)) as database, database.reading() as session:
        place = tuple(session.execute(PLACE).one())
        tables = frozenset(sa.inspect(session.connection()).get_table_names())
    return place, Target((name,), url, "postgresql", str(place[1]), tables)


def _ours() -> frozenset[str]:
    return _MORE | set(Table.metadata.tables) | set(transcripts.tables.Table.metadata.tables)
