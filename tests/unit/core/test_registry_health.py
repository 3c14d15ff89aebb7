"""How the registry does is noted by each process and read for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis

from core.registry_health import RegistryHealth, Seen, together
from core.stores import open_redis

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """It is noon."""
    return Clock()


@pytest.fixture
def health(store: redis.Redis, clock: Clock) -> RegistryHealth:
    """Notes of one process."""
    return RegistryHealth(store, clock)


def test_a_state_and_its_last_fault_are_read_by_everybody(
    health: RegistryHealth, store: redis.Redis, clock: Clock
) -> None:
    health.note("records.social", "closed", "RegistryTimeout: no answer in time")
    clock.now += timedelta(minutes=1)
    health.note("records.social", "open")
    [seen] = RegistryHealth(store, clock).seen()

    assert ("records.social", "open") == (seen.operation, seen.state)
    assert ("RegistryTimeout: no answer in time", NOON) == (seen.fault, seen.fault_at)
    assert clock.now == seen.at


def test_what_a_process_no_longer_notes_is_forgotten(
    health: RegistryHealth, store: redis.Redis, clock: Clock
) -> None:
    health.note("records.social", "open")
    clock.now += timedelta(hours=1, seconds=1)

    assert [] == health.seen()
    assert not store.exists("registry:seen")


def test_the_store_hears_nothing_as_long_as_nothing_is_new(
    health: RegistryHealth, store: redis.Redis
) -> None:
    health.note("records.social", "closed")
    store.delete("registry:seen")
    for _ in range(100):
        health.note("records.social", "closed")

    assert not store.exists("registry:seen")

    health.note("records.social", "half-open")

    assert ["half-open"] == [one.state for one in health.seen()]


def test_a_store_that_is_away_costs_no_call(clock: Clock) -> None:
    health = RegistryHealth(open_redis("redis://127.0.0.1:9/0", 0.2), clock)
    health.note("records.social", "open", "RegistryUnavailable: http.503")
    health.answered("offices")

    with pytest.raises(redis.RedisError):
        health.seen()
    assert [] == RegistryHealth().seen()
    assert {} == RegistryHealth().kept()


def test_when_the_registry_last_told_what_is_kept_is_known(
    health: RegistryHealth, store: redis.Redis, clock: Clock
) -> None:
    health.answered("offices")
    clock.now += timedelta(days=1)
    health.answered("programmes")

    assert {"offices": NOON, "programmes": clock.now} == RegistryHealth(store).kept()


def test_of_several_processes_the_worst_state_and_the_last_fault_are_told() -> None:
    later = NOON + timedelta(minutes=5)
    found = together(
        [
            Seen("records.social", "a", "closed", later, "http.500", NOON),
            Seen("records.social", "b", "open", NOON, "http.503", later),
            Seen("payments.search", "a", "closed", NOON),
            Seen("codes.send", "a", "half-open", NOON),
        ]
    )

    assert ["records.social", "codes.send", "payments.search"] == [one.name for one in found]
    [worst, *_] = found
    assert ("open", 2, later, "http.503", later) == (
        worst.state,
        worst.processes,
        worst.at,
        worst.fault,
        worst.fault_at,
    )
