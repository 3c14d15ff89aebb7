"""More calls than can be served: who would wait too long is told so, and a message is not lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest
import redis
from prometheus_client import REGISTRY

from channels.deadline import Said
from core.errors import StoreUnavailable
from core.messages import ChannelKind
from tests.builders import an_inbound
from tests.redis_server import RedisServer
from tests.unit.channels.door import CHAT, HURRIED, Beside, Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine

OTHER = "+212698765432"
LANGUAGES = ("ar", "ary", "fr", "zgh")


@pytest.fixture
def door(
    engine: ScriptedEngine,
    store: redis.Redis,
    redis_server: RedisServer,
    records_url: str,
    words: None,
) -> Iterator[Door]:
    """A door that takes one turn at a time, and one is running."""
    opened = Door(redis_server.url, records_url, engine, at_once=1)
    engine.gate.clear()
    running = Beside(lambda: Chat(opened, "+212600000009").say("salam"))
    engine.wait_until_told()
    yield opened
    engine.gate.set()
    running.result()
    opened.close()


def shed(kind: str) -> float:
    """How many were turned away."""
    labels = {"kind": kind, "outcome": "shed"}
    return REGISTRY.get_sample_value("twiza_door_hops_total", labels) or 0.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_too_many_ends_with_a_sentence_in_the_language_on_record(
    door: Door, engine: ScriptedEngine, language: str
) -> None:
    door.knows(language, OTHER)
    before = shed("ussd")
    told = Call(door, OTHER, capabilities=HURRIED).dial()

    assert Said((door.sentence("door_overloaded", language),), is_open=False) == told
    assert 1 == len(engine.told)
    assert before + 1 == shed("ussd")


def test_nothing_of_a_call_that_was_turned_away_is_kept(door: Door, engine: ScriptedEngine) -> None:
    call = Call(door, OTHER, capabilities=HURRIED)
    call.dial()

    assert not door.store.exists(f"door:{door.conversation(number=OTHER)}")


def test_a_call_that_lay_here_for_most_of_its_time_is_turned_away_at_once(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.gate.set()
    patient = replace(HURRIED, deadline_seconds=20.0)
    call = Call(door, OTHER, capabilities=patient, came=time.monotonic() - 12)
    door.knows("fr", OTHER)
    told = call.dial()
    call.came = None

    assert Said((door.sentence("door_overloaded", "fr"),), is_open=False) == told
    assert [] == [text for text in engine.texts if "open" in text]
    assert call.dial().texts[0].startswith("You said /open")


def test_a_message_too_many_is_left_to_the_worker(door: Door, engine: ScriptedEngine) -> None:
    door.knows("fr", OTHER)
    hurried = replace(CHAT, deadline_seconds=0.6)
    told = Chat(door, OTHER, capabilities=hurried).say("rsu", "SM-many")
    sentence = door.sentence("door_still_working_message", "fr", ChannelKind.WHATSAPP)
    taken = [value for name, value in door.queued() if name == "worker.turns.take"]

    assert (sentence,) == told.texts
    assert [("rsu", OTHER)] == [
        (value["message"]["text"], value["message"]["number"]) for value in taken
    ]
    assert set(asdict(an_inbound())) == set(taken[0]["message"])


def test_without_the_broker_a_message_too_many_goes_back_to_its_provider(
    engine: ScriptedEngine, redis_server: RedisServer, records_url: str, words: None
) -> None:
    broken = "redis://127.0.0.1:1/1"
    door = Door(redis_server.url, records_url, engine, broker_url=broken, at_once=1)
    engine.gate.clear()
    running = Beside(lambda: Chat(door, "+212600000009").say("salam"))
    engine.wait_until_told()
    with pytest.raises(StoreUnavailable):
        Chat(door, OTHER, capabilities=replace(CHAT, deadline_seconds=0.6)).say("rsu")
    engine.gate.set()
    running.result()
    door.close()


def test_when_there_is_room_again_calls_are_served(door: Door, engine: ScriptedEngine) -> None:
    call = Call(door, OTHER, capabilities=HURRIED)
    call.dial()
    engine.gate.set()
    call.capabilities = replace(HURRIED, deadline_seconds=10.0)
    call.wait(1)

    assert call.dial().texts[0].startswith("You said /open")
