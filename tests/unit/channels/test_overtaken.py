"""A store that comes back just after the clock has struck changes nothing of what was said."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from channels.memory import Memories
from channels.turn_lock import TurnLock
from core.errors import StoreUnavailable
from core.messages import Expects
from tests.unit.channels.door import CHAT, HURRIED, Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

MENU = says("Menu", expects=Expects.MENU, buttons=[("Inscription", "/check"), ("Aide", "/help")])
QUESTION = says("Votre IDCS", expects=Expects.IDCS)


class Slow:
    """Has the first call of a method wait until it may go on."""

    def __init__(self, patch: pytest.MonkeyPatch, owner: type, method: str) -> None:
        self._go_on = threading.Event()
        self._is_first = True
        self._method: Callable[..., Any] = getattr(owner, method)
        patch.setattr(owner, method, lambda *given, **named: self._slowly(*given, **named))

    def go_on(self) -> None:
        """Let it be done."""
        self._go_on.set()

    def _slowly(self, *given: Any, **named: Any) -> Any:
        is_first, self._is_first = self._is_first, False
        if is_first:
            assert self._go_on.wait(10)
        return self._method(*given, **named)


@pytest.fixture
def call(door: Door, engine: ScriptedEngine) -> Call:
    """A call that stands at the menu and has little time."""
    door.knows("fr")
    engine.script += [MENU]
    call = Call(door)
    call.dial()
    call.capabilities = HURRIED
    return call


def test_what_was_said_not_to_be_taken_is_not(
    door: Door, call: Call, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        slow = Slow(patch, TurnLock, "_taken")
        told = call.press("1")
        slow.go_on()
        door.wait_for_turn()
    memory, was_seen = Memories(door.store, door.seal, 600).load(door.conversation(), "")

    assert (door.sentence("door_not_taken", "fr"),) == told.texts
    assert not told.is_open
    assert ["/open"] == engine.texts
    assert ([], False) == (memory.pending, was_seen)
    assert [] == door.store.keys("hop:*")


def test_a_message_that_went_back_to_its_provider_is_taken_when_it_comes_again(
    door: Door, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(door)
    chat.say("salam")
    chat.capabilities = type(CHAT)(deadline_seconds=0.6, can_send=True)
    with monkeypatch.context() as patch:
        slow = Slow(patch, Memories, "save")
        with pytest.raises(StoreUnavailable):
            chat.say("rsu", "SM-again")
        slow.go_on()
        door.wait_for_turn("whatsapp")
    chat.capabilities = CHAT

    assert ("You said rsu",) == chat.say("rsu", "SM-again").texts
    assert ["salam", "rsu"] == engine.texts


def test_an_answer_that_was_being_saved_is_held_for_the_next_hop(
    door: Door, call: Call, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.script += [QUESTION, MENU]
    with monkeypatch.context() as patch:
        slow = Slow(patch, Memories, "save")
        told = call.press("1")
        slow.go_on()
        door.wait_for_turn()
    shown = call.press("1")

    assert told.texts[0].startswith(door.sentence("door_still_working", "fr"))
    assert shown.texts[0].startswith("Votre IDCS")
    assert ["/open", "/check"] == engine.texts
