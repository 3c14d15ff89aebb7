"""A store is down: a USSD citizen is told so in time, and a chat's provider tries again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from channels.deadline import Said
from core.errors import StoreUnavailable
from core.messages import ChannelKind, Expects
from tests.redis_server import RedisServer
from tests.unit.channels.door import SCREEN, Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

LANGUAGES = ("ar", "ary", "fr", "zgh")
IN_TIME_SECONDS = 5.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis server that a test may stop."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as running:
        yield running


@pytest.fixture
def door(
    engine: ScriptedEngine, server: RedisServer, records_url: str, words: None
) -> Iterator[Door]:
    """A door over that server."""
    opened = Door(server.url, records_url, engine)
    yield opened
    opened.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_redis_a_call_ends_and_says_that_nothing_was_taken_in_the_language_on_record(
    door: Door, server: RedisServer, language: str
) -> None:
    door.knows(language)
    call = Call(door)
    call.dial()
    server.stop()
    began = time.monotonic()
    told = call.press("1")
    spent = time.monotonic() - began

    assert Said((door.sentence("door_not_taken", language),), is_open=False) == told
    assert spent < IN_TIME_SECONDS


def test_without_redis_and_a_language_it_ends_with_a_word_in_each(
    door: Door, server: RedisServer
) -> None:
    server.stop()

    assert Said((door.sentence("door_down", ""),), is_open=False) == Call(door).dial()


def test_a_redis_that_stalls_is_told_in_time(door: Door) -> None:
    door.knows("fr")
    call = Call(door, capabilities=replace(SCREEN, deadline_seconds=4.0))
    call.dial()
    door.store.client_pause(5000)
    began = time.monotonic()
    told = call.press("1")
    spent = time.monotonic() - began

    assert Said((door.sentence("door_not_taken", "fr"),), is_open=False) == told
    assert spent < IN_TIME_SECONDS


@pytest.mark.parametrize("kind", [ChannelKind.WHATSAPP, ChannelKind.SMS])
def test_without_redis_a_message_goes_back_to_its_provider(
    door: Door, server: RedisServer, engine: ScriptedEngine, kind: ChannelKind
) -> None:
    server.stop()

    with pytest.raises(StoreUnavailable):
        Chat(door, kind=kind).say("salam")
    assert [] == engine.told


def test_a_message_that_was_given_back_is_taken_when_it_comes_again(
    door: Door, server: RedisServer, engine: ScriptedEngine
) -> None:
    chat = Chat(door)
    server.stop()
    with pytest.raises(StoreUnavailable):
        chat.say("salam", "SM1")
    with server:
        assert Said(("You said salam",)) == chat.say("salam", "SM1")

        assert ["salam"] == engine.texts


def test_a_redis_that_goes_down_during_the_turn_is_told(
    door: Door, server: RedisServer, engine: ScriptedEngine
) -> None:
    door.knows("fr")

    def fall(_: object) -> list[dict[str, object]]:
        server.stop()
        return says("Votre IDCS", expects=Expects.IDCS)

    engine.usually = fall

    assert Said((door.sentence("door_out_of_service", "fr"),), is_open=False) == Call(door).dial()


def test_without_the_broker_a_failed_message_is_kept_and_goes_back(
    engine: ScriptedEngine, server: RedisServer, records_url: str, words: None
) -> None:
    door = Door(server.url, records_url, engine, broker_url="redis://127.0.0.1:1/1")
    engine.script += [[], says("Bonjour")]
    chat = Chat(door)
    with pytest.raises(StoreUnavailable):
        chat.say("salam")

    assert Said(("Bonjour",)) == chat.finish()
    door.close()


def test_without_the_records_a_failed_turn_is_told_in_every_language(
    engine: ScriptedEngine, server: RedisServer, words: None, tmp_path: Path
) -> None:
    door = Door(server.url, f"sqlite:///{tmp_path}/nowhere/records.db", engine)
    engine.script += [[]]

    assert Said((door.sentence("door_down", ""),), is_open=False) == Call(door).dial()
    door.close()


def test_without_the_records_a_call_goes_on(
    engine: ScriptedEngine, server: RedisServer, words: None, tmp_path: Path
) -> None:
    door = Door(server.url, f"sqlite:///{tmp_path}/nowhere/records.db", engine)
    engine.script += [says("Menu", expects=Expects.TEXT)]

    assert Call(door).dial().texts[0].startswith("Menu")
    door.close()
