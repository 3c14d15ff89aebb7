"""A door beside one of a later release leaves what that one keeps, and says so."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from channels.worker import TAKE
from core.editions import MEMORY
from core.errors import EngineUnavailable
from core.messages import ChannelKind
from tests.unit.channels.door import Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

LATER = replace(MEMORY, latest=2, writes=2)


def kept_by_later(door: Door) -> tuple[str, bytes]:
    """Where the one conversation is, kept by a later release from now on."""
    [key] = [key.decode() for key in cast("list[bytes]", door.store.keys("door:*"))]
    kept = door.seal.close(LATER.dumps({"shown": "in another way"}), key)
    door.store.set(key, kept)
    return key, kept


def test_a_caller_is_told_to_wait_and_no_digit_is_read(door: Door, engine: ScriptedEngine) -> None:
    door.knows("fr")
    engine.script += [says("Menu")]
    call = Call(door)
    call.dial()
    key, kept = kept_by_later(door)
    said = call.press("1")

    assert said.is_open
    assert "Menu" not in said.texts[0]
    assert kept == door.store.get(key)
    assert 1 == len(engine.told)


def test_a_message_waits_for_whoever_can_read_the_conversation(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [says("Bonjour")]
    chat = Chat(door)
    chat.say("salam")
    key, kept = kept_by_later(door)
    chat.say("aide")

    assert kept == door.store.get(key)
    assert [TAKE] == [task for task, _ in door.queued()]


def test_an_engine_that_leaves_a_conversation_to_a_later_one_has_not_begun_the_turn(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [503]

    with pytest.raises(EngineUnavailable):
        door.conversations.tools.engine.tell("ussd-1", ChannelKind.USSD, "1", "s")
