"""What a number leaves in Redis goes with an erasure, of every channel."""

from __future__ import annotations

from actions.conversation import Conversation
from core.messages import ChannelKind
from tests.unit.actions.world import World

KEY = "k" * 32
OTHER = "o" * 32


def leave(world: World) -> set[str]:
    """Leave something of two numbers under every key; those of the other number."""
    names = {"door", "hop", "verification", "handover"}
    for number in (KEY, OTHER):
        for kind in ChannelKind:
            for name in names:
                world.store.set(f"{name}:{kind.value}-{number}", "x")
            world.services.vault.put("x", "idcs", f"{kind.value}-{number}")
        for name in (f"reach:{number}", f"wrote:{number}", f"came:{number}:1"):
            world.store.set(name, "x")
    return left(world, OTHER)


def left(world: World, number: str) -> set[str]:
    """The keys that name a number."""
    return {key.decode() for key in world.store.scan_iter(f"*{number}*")}


def test_the_conversation_that_runs_keeps_what_its_turn_still_writes(world: World) -> None:
    others = leave(world)
    world.services.traces.erase(Conversation(f"ussd-{KEY}", ChannelKind.USSD, KEY, "fr", ""))

    gone = {
        f"{name}:{kind}-{KEY}"
        for name in ("door", "hop", "verification")
        for kind in ("sms", "whatsapp")
    }
    assert set() == gone & left(world, KEY)
    assert f"door:ussd-{KEY}" in left(world, KEY)
    assert f"verification:ussd-{KEY}" not in left(world, KEY)
    assert others == left(world, OTHER)


def test_of_a_number_that_staff_erase_nothing_stays(world: World) -> None:
    others = leave(world)
    world.services.traces.erase_number(KEY)

    assert set() == left(world, KEY)
    assert others == left(world, OTHER)
