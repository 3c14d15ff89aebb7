"""A PostgreSQL server of the machine's package, with a data folder and a port of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

import psycopg
import pytest

from tests.servers.process import ServerProcess, free_port

# A killed server loses nothing of what the system has; only the machine's own end would.
_SETTINGS: Final = ("fsync=off", "full_page_writes=off", "log_statement=none")
_ROOM_ENOUGH: Final = "max_connections=400"
_OWNER: Final = "postgres"


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL server programs on this machine, or None."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda found: float(found.parts[-3]))
    return newest[-1].parent if newest else None


needs_postgres: Final = pytest.mark.skipif(
    find_programs() is None, reason="no PostgreSQL server is installed on this machine"
)


class PostgresServer(ServerProcess):
    """A server with as many databases as are asked for.

    PostgreSQL refuses to run as root; there it runs as the account `postgres` of its package.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        before: Sequence[str] = (),
        settings: Sequence[str] = (),
    ) -> None:
        programs = find_programs()
        assert programs is not None
        self._programs = programs
        # Its owner must be able to reach it, which a test's own folder does not allow.
        folder = Path(tempfile.mkdtemp(prefix="twiza-postgres-"))
        super().__init__("postgresql", folder, host, port or free_port(), before)
        self._settings = (*_SETTINGS, _ROOM_ENOUGH, *settings)
        self._as_owner: tuple[str, ...] = ()
        if os.geteuid() == 0:
            shutil.chown(folder, _OWNER, _OWNER)
            self._as_owner = ("setpriv", "--reuid", _OWNER, "--regid", _OWNER, "--clear-groups")
        self._made = 0
        data = ("-D", str(folder / "data"), "-U", _OWNER, "-A", "trust", "-E", "UTF8")
        subprocess.run(
            [*self._as_owner, str(programs / "initdb"), *data, "--no-sync"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )
        with (folder / "data" / "pg_hba.conf").open("a", encoding="utf-8") as allowed:
            allowed.write("host all all 0.0.0.0/0 trust\n")

    @property
    def url(self) -> str:
        """Its SQLAlchemy URL."""
        return f"postgresql+psycopg://{_OWNER}@{self.host}:{self.port}/postgres"

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the driver's own."""
        return psycopg.connect(
            host=self.host, port=self.port, user=_OWNER, dbname="postgres", connect_timeout=5
        )

    def new_database(self) -> str:
        """The URL of an empty schema, which to its connections is all there is.

        A schema is made in no time, a real database of its own in half a second.
        """
        self._made += 1
        name = f"records_{self._made}"
        with self.connect() as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"{self.url}?options=-csearch_path%3D{name}"

    def separate_database(self) -> str:
        """The URL of an empty database of its own, for what its schema must be called `public`."""
        self._made += 1
        name = f"separate_{self._made}"
        with self.connect() as connection:
            connection.autocommit = True
            connection.execute(f"CREATE DATABASE {name}")
        return self.url.removesuffix("/postgres") + f"/{name}"

    def command(self) -> Sequence[str]:
        given = [*self._settings, f"listen_addresses={self.host}", f"port={self.port}"]
        given.append(f"unix_socket_directories={self.folder}")
        options = [word for setting in given for word in ("-c", setting)]
        data = str(self.folder / "data")
        return (*self._as_owner, str(self._programs / "postgres"), "-D", data, *options)

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Shut it down fast: what runs is rolled back, and every connection is ended."""
        super().stop(number)

    def version(self) -> str:
        """Its version, such as 15.18."""
        with self.connect() as connection:
            return str(connection.info.parameter_status("server_version")).partition(" ")[0]

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Somebody else holds a whole table for themselves."""
        with self.connect() as connection:
            connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        shutil.rmtree(self.folder)
