"""An empty records database of each kind, a clock that is moved by hand, and other processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from records.database import Database, open_database
from records.migrate import upgrade
from tests.builders import NOW
from tests.servers.postgres_server import PostgresServer, needs_postgres

_DEADLINE_SECONDS = 60
_ROOT = Path(__file__).parents[3]


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Move the clock on, by days, hours, seconds; the new time."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test run alone."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with nothing in it; every test that asks runs on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/records.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def url(empty_url: str) -> str:
    """The URL of a migrated database."""
    upgrade(empty_url)
    return empty_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The database at `url`, open."""
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture
def clock() -> HandClock:
    """The time of the default world."""
    return HandClock()


def run_in_processes(count: int, program: str, url: str) -> list[str]:
    """Run a program, with the URL as its argument, in several processes at once.

    Returns what each of them printed; fails where one of them failed.
    """
    command = [sys.executable, "-c", program, url]
    given: dict[str, Any] = {"cwd": _ROOT, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, **given) for _ in range(count)]
    printed = [process.communicate(timeout=_DEADLINE_SECONDS)[0] for process in running]

    assert [0] * count == [process.returncode for process in running]
    return printed
