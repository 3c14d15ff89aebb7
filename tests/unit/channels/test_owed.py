"""What is said to who writes is owed until it stands in the outbox, whoever dies in between."""

from __future__ import annotations

import time
from typing import cast

import pytest

from core.recorded import STREAM, UNFINISHED, open_record
from tests.unit.channels.door import Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says
from transcripts.turns import RecordedTurn


class Died(BaseException):
    """The door was killed."""


def unfinished(door: Door) -> list[RecordedTurn]:
    """What is known of turns that run."""
    kept = cast("dict[bytes, bytes]", door.store.hgetall(UNFINISHED))
    return [RecordedTurn.from_json(open_record(door.seal, one)) for one in kept.values()]


def killed_in_the_engine(door: Door, monkeypatch: pytest.MonkeyPatch, chat: Chat | Call) -> None:
    """A door that dies while the engine is told."""

    def die(*_: object, **__: object) -> None:
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(door.conversations.tools.engine, "tell", die)
        chat.say("salam") if isinstance(chat, Chat) else chat.dial()


def test_an_answer_is_owed_from_the_moment_it_is_saved(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [says("Bonjour")]
    Chat(door).say("salam")

    [owed] = door.owed()
    assert ("Bonjour",) == owed.texts
    assert owed.due > time.time()
    assert b"Bonjour" not in (door.store.dump("owed") or b"")


def test_the_end_of_a_turn_whose_door_dies_is_owed(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_in_the_engine(door, monkeypatch, Chat(door))

    [owed] = door.owed()
    assert ("whatsapp", ()) == (owed.channel, owed.texts)
    assert owed.due > time.time() + 10


def test_a_call_is_owed_nothing(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_in_the_engine(door, monkeypatch, Call(door))
    Call(door).dial()

    assert [] == door.owed()


def test_what_is_pending_is_owed_until_it_is_answered(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [[], says("Bonjour"), says("Menu")]
    chat = Chat(door)
    chat.say("salam")
    failed = [owed.texts for owed in door.owed() if not owed.texts]
    chat.finish()

    assert [()] == failed
    assert ("Bonjour",) in [owed.texts for owed in door.owed()]


def test_a_message_whose_turn_died_with_its_door_is_known_to_the_transcripts(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_in_the_engine(door, monkeypatch, Chat(door))

    assert ["unfinished"] == [turn.outcome for turn in unfinished(door)]


def test_a_turn_that_ends_leaves_its_own_record_alone(door: Door) -> None:
    Chat(door).say("salam")
    Call(door).dial()

    assert [] == unfinished(door)
    assert 2 == door.store.xlen(STREAM)


def test_finishing_a_turn_makes_no_record_of_its_own(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [[], says("Bonjour")]
    chat = Chat(door)
    chat.say("salam")
    chat.finish()

    assert [] == unfinished(door)
    assert 1 == door.store.xlen(STREAM)


def test_a_message_that_comes_again_after_its_door_died_is_answered_once(
    door: Door, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Died

    chat = Chat(door)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(door.conversations.tools.engine, "tell", die)
        chat.say("salam", "SM1")

    assert ("You said salam",) == chat.say("salam", "SM1").texts
    assert ["salam"] == engine.texts
    assert [] == unfinished(door)
    assert 1 == door.store.xlen(STREAM)
