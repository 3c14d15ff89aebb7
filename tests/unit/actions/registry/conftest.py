"""An intake whose stores are up, for every test of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from flask.testing import FlaskClient

from tests.redis_server import RedisServer
from tests.unit.actions.registry.intake import intake


@pytest.fixture
def broker(redis_server: RedisServer, store: redis.Redis) -> str:
    """The address of an empty broker."""
    return redis_server.url.removesuffix("/0") + "/1"


@pytest.fixture
def client(redis_server: RedisServer, broker: str) -> Iterator[FlaskClient]:
    """An intake whose stores are up, and whose answers are as described."""
    client = intake(redis_server.url, broker)
    yield client
    assert [] == client.application.extensions["faults"]
