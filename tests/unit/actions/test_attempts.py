"""How often an identity may be tried: per number, per person, and in all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import redis

from actions.verification import Outcome
from core.errors import RegistryTimeout, RegistryUnavailable
from tests.unit.actions.world import (
    BORN,
    KHADIJA,
    NOBODY,
    OTHER_NUMBER,
    ZINEB,
    World,
    a_wrong_code,
    caller,
    in_chat,
)

WRONG_DATE = date(1980, 3, 2)


@pytest.mark.parametrize("idcs", [NOBODY, KHADIJA])
def test_a_number_has_so_many_tries(store: redis.Redis, records_url: str, idcs: str) -> None:
    world = World(store, records_url, tries_per_number=2)
    verification = world.services.verification
    outcomes = [verification.begin(caller(), idcs, WRONG_DATE) for _ in range(3)]

    assert [Outcome.NOT_MATCHED, Outcome.NOT_MATCHED, Outcome.TOO_MANY] == outcomes
    assert Outcome.TOO_MANY is verification.begin(caller(), KHADIJA, BORN)
    assert Outcome.TOO_MANY is verification.begin(in_chat(), KHADIJA, BORN)
    assert Outcome.CODE_SENT is verification.begin(caller(OTHER_NUMBER), KHADIJA, BORN)
    world.close()


@pytest.mark.parametrize("idcs", [NOBODY, KHADIJA])
def test_a_person_has_so_many_tries_from_any_number(
    store: redis.Redis, records_url: str, idcs: str
) -> None:
    world = World(store, records_url, tries_per_person=2)
    verification = world.services.verification
    for number in ("+212611111111", "+212622222222"):
        verification.begin(caller(number), idcs, WRONG_DATE)

    assert Outcome.TOO_MANY is verification.begin(caller("+212633333333"), idcs, BORN)
    assert Outcome.CODE_SENT is verification.begin(caller("+212633333333"), ZINEB, BORN)
    world.close()


def test_all_together_have_so_many_tries(store: redis.Redis, records_url: str) -> None:
    world = World(store, records_url, tries_in_all=2)
    verification = world.services.verification
    for number in ("+212611111111", "+212622222222"):
        verification.begin(caller(number), NOBODY, BORN)

    assert Outcome.TOO_MANY is verification.begin(caller(), KHADIJA, BORN)
    assert 2 == world.registry.asked["person"]
    world.close()


def test_wrong_codes_count_as_tries(store: redis.Redis, records_url: str) -> None:
    world = World(store, records_url, tries_per_number=3)
    verification = world.services.verification
    verification.begin(in_chat(), KHADIJA, BORN)
    for _ in range(3):
        verification.confirm(in_chat(), a_wrong_code(world))

    assert Outcome.TOO_MANY is verification.begin(in_chat(), KHADIJA, BORN)
    world.close()


def test_success_forgets_the_failures_of_its_number_and_person(
    store: redis.Redis, records_url: str
) -> None:
    world = World(store, records_url, tries_per_number=2, tries_per_person=2)
    verification = world.services.verification
    for _ in range(3):
        assert Outcome.NOT_MATCHED is verification.begin(caller(), KHADIJA, WRONG_DATE)
        assert Outcome.VERIFIED is verification.begin(caller(), KHADIJA, BORN)
    world.close()


def test_tries_are_counted_for_a_while(world: World) -> None:
    world.services.verification.begin(caller(), NOBODY, BORN)
    lives: list[Any] = [world.store.ttl(key) for key in world.store.scan_iter("tries:*")]

    assert 3 == len(lives)
    assert all(0 < life <= 15 * 60 for life in lives)


def test_further_failures_do_not_lengthen_the_counting(world: World) -> None:
    world.services.verification.begin(caller(), NOBODY, BORN)
    for key in world.store.scan_iter("tries:*"):
        world.store.expire(key, 5)
    world.services.verification.begin(caller(), NOBODY, BORN)
    lives: list[Any] = [world.store.ttl(key) for key in world.store.scan_iter("tries:*")]

    assert 3 == len(lives)
    assert all(0 < life <= 5 for life in lives)


def test_failures_about_nobody_in_particular_close_the_way_to_no_other_number(
    store: redis.Redis, records_url: str
) -> None:
    world = World(store, records_url, tries_per_number=2, tries_per_person=2)
    attempts = world.services.verification.attempts
    for _ in range(2):
        attempts.failed("a number", "")

    assert attempts.are_spent("a number", "")
    assert not attempts.are_spent("another number", "")
    world.close()


@pytest.mark.parametrize("failure", [RegistryUnavailable("down"), RegistryTimeout("slow")])
def test_a_registry_that_is_down_costs_no_try(
    store: redis.Redis, records_url: str, failure: Any
) -> None:
    world = World(store, records_url, tries_per_number=1)
    world.registry.failure = failure
    for _ in range(2):
        with pytest.raises(type(failure)):
            world.services.verification.begin(caller(), KHADIJA, BORN)
    world.registry.failure = None

    assert Outcome.VERIFIED is world.services.verification.begin(caller(), KHADIJA, BORN)
    world.close()
