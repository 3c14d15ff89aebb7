"""What is kept of a conversation is kept by whoever holds its turn, whatever of Redis fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest
import redis

from channels.beside import Beside
from channels.guarding import Entrusted
from channels.memory import Memories
from channels.turn_lock import TurnLock
from core.errors import ConversationBusy
from core.privacy import Seal
from core.stores import Script
from tests.builders import KEY

HOP = Entrusted("hop:ussd-a", b"what came", 600)


@pytest.fixture
def turns(store: redis.Redis) -> TurnLock:
    return TurnLock(store)


def lapse(store: redis.Redis, conversation: str) -> None:
    """Let a lock lapse, as while its door is cut off."""
    store.delete(f"turn:{conversation}")


def test_what_another_door_went_on_with_is_not_written_over(
    turns: TurnLock, store: redis.Redis
) -> None:
    memories = Memories(store, Seal(KEY), 60)
    with pytest.raises(ConversationBusy), turns.hold("ussd-a", 1.0):
        memory, _ = memories.load("ussd-a", "m")
        lapse(store, "ussd-a")
        with turns.hold("ussd-a", 1.0):
            other, _ = memories.load("ussd-a", "m2")
            other.typed = "1*2"
            memories.save("ussd-a", other)
        memory.typed = "1"
        memories.save("ussd-a", memory, "m")

    assert "1*2" == memories.load("ussd-a", "m")[0].typed
    assert not memories.has_seen("m")


def test_nothing_is_written_while_another_door_has_the_turn(
    turns: TurnLock, store: redis.Redis
) -> None:
    memories = Memories(store, Seal(KEY), 60)
    with turns.hold("ussd-a", 1.0):
        memory, _ = memories.load("ussd-a", "m")
        lapse(store, "ussd-a")
        store.set("turn:ussd-a", "another")

        with pytest.raises(ConversationBusy):
            memories.save("ussd-a", memory)


def test_a_lock_that_lapsed_while_nobody_came_loses_nothing(
    turns: TurnLock, store: redis.Redis
) -> None:
    memories = Memories(store, Seal(KEY), 60)
    with turns.hold("ussd-a", 1.0):
        memory, _ = memories.load("ussd-a", "m")
        memories.save("ussd-a", memory)
        lapse(store, "ussd-a")
        memory.typed = "1"
        memories.save("ussd-a", memory, "m")

    assert ("1", True) == (memories.load("ussd-a", "m")[0].typed, memories.has_seen("m"))


def test_what_is_saved_last_takes_the_lock_with_it(turns: TurnLock, store: redis.Redis) -> None:
    memories = Memories(store, Seal(KEY), 60)
    with turns.hold("ussd-a", 1.0, entrusted=HOP):
        memory, _ = memories.load("ussd-a", "m")
        memories.save("ussd-a", memory, "m", beside=Beside(is_last=True))

        assert not store.exists("turn:ussd-a", HOP.key)
        with turns.hold("ussd-a", 0):
            pass


def test_whoever_let_go_with_what_was_saved_last_takes_nothing_from_the_next(
    turns: TurnLock, store: redis.Redis
) -> None:
    memories = Memories(store, Seal(KEY), 60)
    with turns.hold("ussd-a", 1.0):
        memory, _ = memories.load("ussd-a", "m")
        memories.save("ussd-a", memory, "m", beside=Beside(is_last=True))
        store.set("turn:ussd-a", "another")

    assert b"another" == store.get("turn:ussd-a")


def test_what_is_saved_last_by_whoever_lost_the_lock_leaves_that_of_another(
    turns: TurnLock, store: redis.Redis
) -> None:
    memories = Memories(store, Seal(KEY), 60)
    with pytest.raises(ConversationBusy), turns.hold("ussd-a", 1.0):
        memory, _ = memories.load("ussd-a", "m")
        store.set("turn:ussd-a", "another")
        memories.save("ussd-a", memory, "m", beside=Beside(is_last=True))

    assert b"another" == store.get("turn:ussd-a")


@pytest.mark.parametrize("is_last", [True, False])
@pytest.mark.parametrize("next_comes", [True, False])
def test_what_is_asked_again_because_an_answer_was_lost_is_saved_all_the_same(
    turns: TurnLock, store: redis.Redis, is_last: bool, next_comes: bool
) -> None:
    memories = Memories(store, Seal(KEY), 60)
    once = memories._guard._if_held

    def twice(keys: Sequence[str], args: Sequence[Any] = ()) -> Any:
        once(keys, args)
        if is_last and next_comes:
            store.set("turn:ussd-a", "another")
        return once(keys, args)

    memories._guard._if_held = cast("Script", twice)
    with turns.hold("ussd-a", 1.0):
        memory, _ = memories.load("ussd-a", "m")
        memory.typed = "1"
        memories.save("ussd-a", memory, "m", beside=Beside(is_last=is_last))

    assert "1" == memories.load("ussd-a", "m")[0].typed
    assert (b"another" if is_last and next_comes else None) == store.get("turn:ussd-a")
