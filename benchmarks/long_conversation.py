"""Whether a turn costs more the longer its conversation is: one chat of 420 menu turns."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import redis

from benchmarks.cpu import counted
from benchmarks.flow import WrongAnswer
from benchmarks.systems import System
from benchmarks.words import flat, number_of, said
from core.messages import ChannelKind
from sandbox.phone.client import Chat

# Several conversations for the early turns: five turns of one are over before they can be measured.
EARLY_CONVERSATIONS = 8
# Turns at which the processor time is read, counted from 1: what lies between two is one figure.
_EARLY = (2, 7)
_LONG = (*range(2, 363, 20), 380, 421)
_LIMIT_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class LongConversation:
    """CPU of all counted processes per turn, in ms, and the size of the engine's tracker.

    `cpu_ms_by_turn` follows the one long conversation: each figure is that of the turns around it.
    """

    turn4_cpu_ms: float
    turn400_cpu_ms: float
    redis_key_bytes: int
    cpu_ms_by_turn: Mapping[int, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape of `long_conversation` in the JSON report."""
        return {
            "turn4_cpu_ms": round(self.turn4_cpu_ms, 3),
            "turn400_cpu_ms": round(self.turn400_cpu_ms, 3),
            "redis_key_bytes": self.redis_key_bytes,
            "cpu_ms_by_turn": {str(n): round(ms, 3) for n, ms in self.cpu_ms_by_turn.items()},
        }


def converse(system: System, numbers: Sequence[str]) -> LongConversation:
    """Hold the conversations from numbers whose language is known.

    Raises WrongAnswer.
    """
    system.forget_conversations()
    early = [
        _spent(system, Chat(system.channels["whatsapp"], number), _EARLY)[0]
        for number in numbers[1:]
    ]
    system.forget_conversations()
    spent = _spent(system, Chat(system.channels["whatsapp"], numbers[0]), _LONG)
    middles = [(start + stop) // 2 for start, stop in pairwise(_LONG)]
    with contextlib.closing(system.engine_store()) as store:
        size = max((_size(store, key) for key in store.scan_iter("*whatsapp-*")), default=0)
    by_turn = dict(zip(middles, spent, strict=True))
    return LongConversation(sum(early) / len(early), spent[-1], size, by_turn)


def _spent(system: System, chat: Chat, marks: Sequence[int]) -> list[float]:
    """CPU ms per turn between each two turns; the chat ends before the last of them."""
    asked = (
        (number_of("utter_menu", "/more"), flat(said("utter_more", ChannelKind.WHATSAPP))),
        (number_of("utter_more", "/help"), flat(said("utter_help", ChannelKind.WHATSAPP))),
    )
    deadline = time.monotonic() + _LIMIT_SECONDS
    # Home leads to the menu wherever the door believes the chat to stand.
    _say(chat, "00", flat(said("utter_menu", ChannelKind.WHATSAPP)), 1)
    readings = [system.read_cpu()]
    for start, stop in pairwise(marks):
        for turn in range(start, stop):
            if time.monotonic() > deadline:
                raise WrongAnswer(f"turn {turn} was not reached in time")
            _say(chat, *asked[turn % 2], turn)
        readings.append(system.read_cpu())
    return [
        counted(after.since(before)) * 1000 / (stop - start)
        for (before, after), (start, stop) in zip(pairwise(readings), pairwise(marks), strict=True)
    ]


def _say(chat: Chat, text: str, mark: str, turn: int) -> None:
    heard = flat(" ".join(chat.say(text)))
    if mark not in heard:
        raise WrongAnswer(f"turn {turn} says {heard!r} without {mark!r}")


def _size(store: redis.Redis, key: bytes) -> int:
    if store.type(key) == b"string":
        return int(store.strlen(key))
    return store.memory_usage(key, samples=0) or 0
