"""What the door remembers of a conversation is unreadable, and opens in that conversation alone."""

from __future__ import annotations

import pytest
import redis

from channels.memory import Answer, Memories, Memory, Shown
from channels.rendering.menus import Choice
from channels.rendering.pages import Page
from core.messages import Expects
from core.privacy import Seal
from tests.builders import KEY
from tests.unit.channels.stored import stored

LIFE_SECONDS = 600


@pytest.fixture
def memories(store: redis.Redis) -> Memories:
    return Memories(store, Seal(KEY), LIFE_SECONDS)


def a_memory() -> Memory:
    pages = (Page("Votre indice\n98 suite"), Page("9,74\n1 Oui", (Choice(1, "Oui", "/affirm"),)))
    shown = Shown(pages, 1, Expects.MENU, is_personal=True, remark="Tapez 1.", is_behind=True)
    return Memory(
        session="session",
        typed="1*2*5839204719",
        language="fr",
        shown=shown,
        pending=["/affirm", "[[idcs:x:19]]"],
        held=Shown((Page("late"),), ends=True, is_root=True),
        held_session="another",
        answers={"message": Answer(("Votre indice", "9,74"), True, 7.5)},
    )


def test_what_was_saved_is_loaded_the_same(memories: Memories) -> None:
    memories.save("ussd-a", a_memory(), "message")

    assert (a_memory(), True) == memories.load("ussd-a", "message")
    assert (a_memory(), False) == memories.load("ussd-a", "another message")


def test_a_conversation_begins_with_nothing(memories: Memories) -> None:
    assert (Memory(), False) == memories.load("ussd-a", "message")


def test_nothing_of_it_can_be_read_in_redis(memories: Memories, store: redis.Redis) -> None:
    memories.save("ussd-a", a_memory(), "message")
    values = stored(store)

    assert b"door:ussd-a" in values
    for secret in (b"indice", b"5839204719", b"idcs", b"affirm", b"late", b"MENU", b"menu"):
        assert secret not in values


def test_it_opens_in_its_own_conversation_alone(memories: Memories, store: redis.Redis) -> None:
    memories.save("ussd-a", a_memory())
    store.rename("door:ussd-a", "door:ussd-b")

    assert (Memory(), False) == memories.load("ussd-b", "message")


def test_it_opens_under_its_own_key_alone(store: redis.Redis) -> None:
    Memories(store, Seal(KEY), LIFE_SECONDS).save("ussd-a", a_memory())
    rotated = Memories(store, Seal(bytes(32)), LIFE_SECONDS)

    assert (Memory(), False) == rotated.load("ussd-a", "message")


def test_a_silent_conversation_is_forgotten_and_a_delivery_is_known_for_longer(
    memories: Memories, store: redis.Redis
) -> None:
    memories.save("whatsapp-a", Memory(), "message")

    assert 0 < int(store.ttl("door:whatsapp-a")) <= LIFE_SECONDS
    assert 24 * 3600 < int(store.ttl("seen:message"))


def test_a_hop_is_known_for_an_hour(memories: Memories, store: redis.Redis) -> None:
    memories.save("ussd-a", Memory(), "hop")

    assert 890 < int(store.ttl("seen:hop")) <= 900


def test_the_last_three_answers_are_kept(memories: Memories) -> None:
    memory = Memory()
    for number in range(1, 6):
        memory.remember(f"message {number}", Answer((f"answer {number}",), True))
        memories.save("ussd-a", memory, f"message {number}")
    kept, was_seen = memories.load("ussd-a", "message 1")

    assert ["message 3", "message 4", "message 5"] == list(kept.answers)
    assert was_seen


def test_a_memory_saved_without_a_message_marks_none(
    memories: Memories, store: redis.Redis
) -> None:
    memories.save("ussd-a", Memory())

    assert [b"door:ussd-a"] == list(store.scan_iter())


def test_the_choices_of_the_pages_shown_so_far_are_open() -> None:
    pages = (
        Page("one", (Choice(1, "a", "/a"),)),
        Page("two", (Choice(2, "b", "/b"),)),
        Page("three", (Choice(3, "c", "/c"),)),
    )

    assert ["/a"] == [choice.payload for choice in Shown(pages).choices]
    assert ["/a", "/b"] == [choice.payload for choice in Shown(pages, 1).choices]
    assert () == Shown().choices


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (Shown(), ""),
        (Shown((Page("menu"),)), "menu"),
        (Shown((Page("menu"),), remark="Nothing was typed."), "Nothing was typed.\nmenu"),
        (Shown((Page("menu"),), remark="Nothing.\n98 more", is_behind=True), "Nothing.\n98 more"),
    ],
)
def test_a_screen_reads_as_it_was_shown(shown: Shown, text: str) -> None:
    assert text == shown.text
