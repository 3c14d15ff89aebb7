"""An empty records database for each test, and the world of the actions over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from records.migrate import upgrade
from tests.unit.actions.world import Engine, World


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


@pytest.fixture
def world(store: redis.Redis, records_url: str) -> Iterator[World]:
    """The services of the actions."""
    world = World(store, records_url)
    yield world
    world.close()


@pytest.fixture
def engine(world: World) -> Engine:
    """A USSD call of the number on file, its language chosen and its consent given."""
    engine = Engine(world)
    engine.slots |= {"language": "fr", "consent": True}
    return engine
