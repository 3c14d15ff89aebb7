"""What calls to the registry leave for staff to read: states, faults, and nothing of a person."""

from __future__ import annotations

import pytest
import redis

from actions.registry.calls import Call, Deadline
from actions.registry.guard import Guard, NeverSent
from actions.registry.port import UNKNOWN_IDENTIFIER
from actions.registry.settings import RegistrySettings, ResilienceSettings
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryError, RegistryNotAsked, RegistryRefused, RegistryTimeout
from core.registry_health import RegistryHealth

CALL = Call("records.social", "/")


def a_guard(store: redis.Redis) -> Guard:
    """A guard that tries once, and whose breaker opens at the first failure."""
    settings = ResilienceSettings(registry_retries=0, registry_breaker_failures=1)
    return Guard(settings, RegistryHealth(store))


def call(guard: Guard, end: Exception | None = None) -> None:
    """A call that ends so."""

    def attempt() -> None:
        if end is not None:
            raise end

    guard.run(CALL, Deadline(5), attempt)


def test_an_operation_that_is_answered_is_seen_as_asked(store: redis.Redis) -> None:
    call(a_guard(store))
    [seen] = RegistryHealth(store).seen()

    assert ("records.social", "closed", "") == (seen.operation, seen.state, seen.fault)


def test_a_fault_stays_the_last_one_while_nothing_is_asked(store: redis.Redis) -> None:
    guard = a_guard(store)
    with pytest.raises(RegistryTimeout):
        call(guard, RegistryTimeout("no answer in time"))
    for _ in range(3):
        with pytest.raises(RegistryNotAsked):
            call(guard)
    [seen] = RegistryHealth(store).seen()

    assert ("open", "RegistryTimeout: no answer in time") == (seen.state, seen.fault)


def test_a_registry_that_cannot_be_reached_is_told(store: redis.Redis) -> None:
    with pytest.raises(RegistryNotAsked):
        call(a_guard(store), NeverSent())
    [seen] = RegistryHealth(store).seen()

    assert "RegistryNotAsked: no connection came about" == seen.fault


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (UNKNOWN_IDENTIFIER, ""),
        ("application.already_open", ""),
        ("http.401", "RegistryRefused: http.401"),
        ("err.signature.invalid", "RegistryRefused: err.signature.invalid"),
    ],
)
def test_what_a_person_is_refused_is_no_fault_and_what_we_are_is(
    store: redis.Redis, reason: str, told: str
) -> None:
    with pytest.raises(RegistryRefused):
        call(a_guard(store), RegistryRefused(reason))
    [seen] = RegistryHealth(store).seen()

    assert ("closed", told) == (seen.state, seen.fault)


def test_the_client_tells_of_itself_in_the_store_it_is_given(store: redis.Redis) -> None:
    settings = RegistrySettings.model_validate(
        {
            "registry_url": "http://127.0.0.1:9",
            "registry_client_id": "twiza",
            "registry_client_secret": "secret-of-tests",
            "registry_breaker_failures": 1,
        }
    )
    with pytest.raises(RegistryError):
        SpdciRegistry(settings, store).person("2111111116", "fr")
    [seen] = RegistryHealth(store).seen()

    assert ("records.social", "open") == (seen.operation, seen.state)
    assert "2111111116" not in str(store.hgetall("registry:seen"))
