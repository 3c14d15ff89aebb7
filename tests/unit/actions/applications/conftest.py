"""A world with a programme of the tests, a household of three, and somebody verified."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from tests.unit.actions.applications.filling import PROGRAMMES, Filler
from tests.unit.actions.files import a_member
from tests.unit.actions.world import KHADIJA, World

AMINA = "6677889900"
SAID = "7788990011"


@pytest.fixture
def world(store: redis.Redis, records_url: str) -> Iterator[World]:
    """The services of the actions."""
    world = World(store, records_url, programmes_folder=str(PROGRAMMES))
    members = [a_member(KHADIJA, "Khadija"), a_member(AMINA, "Amina"), a_member(SAID, "Saïd")]
    world.give(KHADIJA, members=members)
    yield world
    world.close()


@pytest.fixture
def filler(world: World) -> Filler:
    """Somebody on USSD, verified."""
    return Filler(world).verified()
