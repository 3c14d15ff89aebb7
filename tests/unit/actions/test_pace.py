"""How long an answer takes says nothing of whether anybody was found."""

from __future__ import annotations

import time
from datetime import date

import pytest
import redis

from actions.pace import Pace
from actions.verification import Outcome
from tests.unit.actions.world import BORN, KHADIJA, LAHCEN, NOBODY, ZINEB, World, caller, in_chat

SENDING_SECONDS = 0.3


def waited(pace: Pace, *, as_if_sent: bool) -> float:
    """The seconds an answer is held back."""
    began = time.monotonic()
    pace.wait(began, as_if_sent=as_if_sent)
    return time.monotonic() - began


def test_before_any_code_was_sent_the_floor_holds(store: redis.Redis) -> None:
    pace = Pace(store, 0.05)

    assert waited(pace, as_if_sent=True) >= 0.05
    assert waited(pace, as_if_sent=False) >= 0.05


def test_what_does_not_match_waits_as_long_as_a_code_took(store: redis.Redis) -> None:
    pace = Pace(store, 0.0)
    for _ in range(60):
        pace.sent(0.2)

    assert waited(pace, as_if_sent=True) >= 0.2
    assert 50 == store.llen("pace:codes")


def test_a_code_that_took_for_ever_holds_nobody_back_for_ever(store: redis.Redis) -> None:
    Pace(store, 0.0).sent(900.0)

    assert [b"5.0000"] == store.lrange("pace:codes", 0, -1)


def test_whoever_is_verified_waits_for_nothing(store: redis.Redis, records_url: str) -> None:
    world = World(store, records_url, verification_floor_seconds=30.0)
    began = time.monotonic()
    outcome = world.services.verification.begin(caller(), KHADIJA, BORN)

    assert Outcome.VERIFIED is outcome
    assert time.monotonic() - began < 15
    world.close()


@pytest.mark.parametrize(
    ("idcs", "birth_date"),
    [(NOBODY, BORN), (ZINEB, date(1980, 3, 2)), (LAHCEN, BORN)],
    ids=["unknown", "another birth date", "no phone"],
)
def test_whoever_is_not_found_waits_like_whoever_is_sent_a_code(
    store: redis.Redis, records_url: str, idcs: str, birth_date: date
) -> None:
    world = World(store, records_url)
    world.services.verification.begin(in_chat(), KHADIJA, BORN)
    assert 1 == store.llen("pace:codes")
    store.delete("pace:codes")
    Pace(store, 0.0).sent(SENDING_SECONDS)
    began = time.monotonic()
    world.services.verification.begin(in_chat(), idcs, birth_date)

    assert time.monotonic() - began >= SENDING_SECONDS
    world.close()
