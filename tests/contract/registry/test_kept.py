"""Offices and the catalogue: told again while fresh, and with their day while it is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis
import time_machine

from actions.registry.shapes import Availability
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryUnavailable
from tests.contract.registry.conftest import Sandbox
from tests.contract.registry.people import FATIMA
from tests.contract.registry.worlds import CLOSED_PORT_URL, World, a_client
from tests.unit.channels.stored import stored

FRESH_SECONDS = 600


def clients(sandbox: Sandbox, store: redis.Redis) -> tuple[SpdciRegistry, SpdciRegistry]:
    """A client of the registry, and one that finds it away; they keep things in one store."""
    return a_client(sandbox.url, store), a_client(CLOSED_PORT_URL, store)


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    """A clock to be moved on."""
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        yield clock


def test_the_catalogue_says_what_can_be_applied_for(world: World) -> None:
    states = {one.programme: one.state for one in world.registry.programmes("fr")}
    shut = {key for key, state in states.items() if state is not Availability.OPEN}

    assert {"tayssir", "million_bags"} == shut


def test_what_is_fresh_is_told_without_asking(sandbox: Sandbox, store: redis.Redis) -> None:
    here, away = clients(sandbox, store)
    told = here.offices("Salé", "fr")

    assert told
    assert told == away.offices("Salé", "fr")
    assert here.programmes("fr") == away.programmes("fr")
    near = here.offices_near(34.04, -6.82, "fr")
    assert near == away.offices_near(34.0401, -6.8199, "fr")


def test_when_it_is_away_what_is_old_is_told_with_its_day(
    sandbox: Sandbox, store: redis.Redis, later: time_machine.Traveller
) -> None:
    here, away = clients(sandbox, store)
    began = datetime.now(UTC)
    told, catalogue = here.offices("Salé", "fr"), here.programmes("fr")
    later.shift(timedelta(days=2))

    stale = away.offices("Salé", "fr")

    assert [one.code for one in told] == [one.code for one in stale]
    assert all(one.as_of and abs(one.as_of - began) < timedelta(minutes=1) for one in stale)
    assert all(one.as_of is None for one in told)
    assert len(catalogue) == len([one for one in away.programmes("fr") if one.as_of])


def test_what_is_old_is_asked_for_again_where_it_can_be(
    sandbox: Sandbox, store: redis.Redis, later: time_machine.Traveller
) -> None:
    here, _ = clients(sandbox, store)
    told = here.offices("Salé", "fr")
    later.shift(timedelta(seconds=FRESH_SECONDS))

    assert told == here.offices("Salé", "fr")


def test_what_was_never_told_cannot_be_told_again(sandbox: Sandbox, store: redis.Redis) -> None:
    here, away = clients(sandbox, store)
    here.offices("Salé", "fr")

    for place, language in (("Salé", "ar"), ("Agadir", "fr")):
        with pytest.raises(RegistryUnavailable):
            away.offices(place, language)


def test_nothing_of_a_person_is_kept(sandbox: Sandbox, store: redis.Redis) -> None:
    here, away = clients(sandbox, store)
    home = here.home_office(FATIMA, "fr")
    here.offices("12, rue de Fatima", "fr")

    assert home is not None
    assert b"Fatima" not in stored(store)
    assert FATIMA.encode() not in stored(store)
    assert home.code.encode() not in stored(store)
    with pytest.raises(RegistryUnavailable):
        away.home_office(FATIMA, "fr")


def test_what_is_kept_ends_by_itself(sandbox: Sandbox, store: redis.Redis) -> None:
    here = a_client(sandbox.url, store, registry_kept_days=3)
    here.offices("Salé", "fr")
    [key] = store.scan_iter("kept:*")

    assert 0 < int(str(store.ttl(key))) <= 3 * 86_400


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", b'{"at": "x", "told": [{"colour": 1}]}'])
def test_what_is_damaged_is_as_good_as_nothing(
    sandbox: Sandbox, store: redis.Redis, damage: bytes
) -> None:
    here, _ = clients(sandbox, store)
    told = here.offices("Salé", "fr")
    [key] = store.scan_iter("kept:*")
    store.set(key, damage)

    assert told == here.offices("Salé", "fr")


def test_without_a_store_the_registry_is_asked(sandbox: Sandbox) -> None:
    gone = redis.Redis.from_url("redis://127.0.0.1:9/0", socket_connect_timeout=0.2)

    assert a_client(sandbox.url).offices("Salé", "fr")
    assert a_client(sandbox.url, gone).offices("Salé", "fr")
