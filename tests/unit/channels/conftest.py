"""A scripted engine and a door over real stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from locales import compile as compiled
from records.migrate import upgrade
from tests.redis_server import RedisServer
from tests.unit.channels.door import Door
from tests.unit.channels.scripted_engine import ScriptedEngine, running_engine


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A records database with nothing in it, migrated once."""
    path = tmp_path_factory.mktemp("records") / "records.db"
    upgrade(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture
def records_url(migrated: bytes, tmp_path: Path) -> str:
    """The URL of a records database of this test alone."""
    (tmp_path / "records.db").write_bytes(migrated)
    return f"sqlite:///{tmp_path}/records.db"


@pytest.fixture(scope="session")
def words() -> None:
    """The compiled catalogs."""
    compiled.main()


@pytest.fixture
def engine() -> Iterator[ScriptedEngine]:
    """A scripted engine."""
    with running_engine() as running:
        yield running


@pytest.fixture
def door(
    engine: ScriptedEngine,
    store: redis.Redis,
    redis_server: RedisServer,
    records_url: str,
    words: None,
) -> Iterator[Door]:
    """A door over an empty Redis and an empty records database."""
    opened = Door(redis_server.url, records_url, engine)
    yield opened
    opened.close()
