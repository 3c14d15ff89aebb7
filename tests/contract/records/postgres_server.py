"""A real PostgreSQL server for tests: a socket in its own folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import sqlalchemy as sa

# Nothing here outlives the test run, so nothing need reach the disk.
_OPTIONS: Final = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c log_statement=none"


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL server programs on this machine, or None."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda found: float(found.parts[-3]))
    return newest[-1].parent if newest else None


class PostgresServer:
    """A server within a `with` block, with as many databases as are asked for.

    PostgreSQL refuses to run as root; there it runs as the account `postgres` of its package.
    """

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="twiza-postgres-", dir="/tmp"))
        self._as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._made = 0

    def new_database(self) -> str:
        """The URL of an empty schema, which to its connections is all there is.

        A schema is made in no time, a real database of its own in half a second.
        """
        self._made += 1
        name = f"records_{self._made}"
        url = f"postgresql+psycopg://postgres@/postgres?host={self._folder}"
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        engine.dispose()
        return f"{url}&options=-csearch_path%3D{name}"

    def __enter__(self) -> Self:
        if self._as_owner:
            shutil.chown(self._folder, "postgres")
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        log = str(self._folder / "server.log")
        options = f"{_OPTIONS} -k {self._folder}"
        self._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_owner, str(self._programs / program), *arguments]
        subprocess.run(command, cwd=self._folder, check=True, stdout=subprocess.DEVNULL, timeout=60)
