"""A delivery that comes again is the same message, by its name or by its token, for two days."""

from __future__ import annotations

import pytest
import redis

from tests.unit.channels import test_front
from tests.unit.channels.front_door import FrontDoor, carried
from tests.unit.channels.scripted_engine import ScriptedEngine, says

environment = test_front.environment
front = test_front.front
TWO_DAYS = 48 * 3600


@pytest.fixture(autouse=True)
def answers(engine: ScriptedEngine) -> None:
    """An engine that says something else each time."""
    engine.script += [says("un"), says("deux")]


@pytest.mark.parametrize(
    ("name", "token"),
    [("SM2", "token-1"), ("SM1", "token-2"), ("SM1", ""), ("SM1", "token-1")],
    ids=["another name", "another token", "no token", "the same"],
)
def test_a_delivery_that_comes_again_moves_nothing_on(
    front: FrontDoor, engine: ScriptedEngine, name: str, token: str
) -> None:
    first = front.sms("salam", "SM1", token="token-1")
    again = front.sms("salam", name, token=token)

    assert ["un"] == [text for text, _ in carried(first)]
    assert [] == carried(again)
    assert 200 == again.status_code
    assert 1 == len(engine.told)
    assert 1 == len(front.states())


def test_another_message_is_another_message(front: FrontDoor, engine: ScriptedEngine) -> None:
    front.sms("salam", "SM1", token="token-1")
    front.sms("salam", "SM2", token="token-2")
    front.sms("salam", "SM3")

    assert 3 == len(engine.told)


def test_somebody_else_with_the_same_token_is_answered(
    front: FrontDoor, engine: ScriptedEngine
) -> None:
    front.sms("salam", "SM1", token="token-1")
    front.sms("salam", "SM2", "+212698765432", token="token-1")

    assert 2 == len(engine.told)


def test_a_token_is_known_as_long_as_a_message_is(front: FrontDoor, store: redis.Redis) -> None:
    front.sms("salam", "SM1", token="token-1")
    front.sms("salam", "SM2", token="token-1")
    lives = {
        key.partition(b":")[0]: [store.ttl(one) for one in store.scan_iter(key)]
        for key in (b"token:*", b"seen:*")
    }

    assert 1 == len(lives[b"token"])
    # What was found under the token is seen under its other name too.
    assert 2 == len(lives[b"seen"])
    assert all(TWO_DAYS - 60 < life <= TWO_DAYS for found in lives.values() for life in found)
    assert b"token-1" not in front.stored()
