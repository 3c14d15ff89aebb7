"""What a house may run on instead of its embedded stores: one PostgreSQL and one Redis of its own.

`TWIZA_STORES=servers bin/test tests/end_to_end` has the shared house run on them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.postgres_server import PostgresServer, find_programs
from tests.servers.redis_server import StandAloneRedis, find_redis

# What stands in addresses must be quoted there, and yet reach every process.
PASSWORD = "one/two@three:4"


@dataclass(frozen=True, slots=True)
class Servers:
    """Both servers, with a database for the records and one for the transcripts."""

    postgres: PostgresServer
    redis: StandAloneRedis
    records_url: str
    transcripts_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What `bin/run` is told of them."""
        return {
            "REDIS_URL": self.redis.url(),
            "RECORDS_URL": self.records_url,
            "TRANSCRIPTS_URL": self.transcripts_url,
        }


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Both, up and empty."""
    with PostgresServer() as postgres, StandAloneRedis(folder, password=PASSWORD) as redis:
        yield Servers(postgres, redis, postgres.new_database(), postgres.new_database())


@contextmanager
def asked_for(folder: Path) -> Iterator[Servers | None]:
    """Both where this run asks for them, else None; skips where they are not installed."""
    asked = os.environ.get("TWIZA_STORES", "")
    if asked not in ("", "servers"):
        raise ValueError(f"TWIZA_STORES={asked}: `servers` is known")
    if not asked:
        yield None
        return
    missing = [
        name
        for name, found in (("PostgreSQL", find_programs()), ("redis-server", find_redis()))
        if found is None
    ]
    if missing:
        pytest.skip(f"not installed on this machine: {', '.join(missing)}")
    with servers(folder) as both:
        yield both
