"""Whether a turn costs more the longer its conversation is: one chat of 420 menu turns."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean
from typing import Any

import redis

from benchmarks.cpu import counted
from benchmarks.flow import WrongAnswer
from benchmarks.systems import System
from benchmarks.words import flat, number_of, said
from core.messages import ChannelKind
from sandbox.phone.client import Chat

# Five turns of one are over before they can be measured, so there are several. The early turns of
# each are measured between those of the long one: what the machine does meanwhile is done to both.
EARLY_CONVERSATIONS = 8
# Turns, counted from 1, at which the processor time of the long one is read on its way.
_MARKS = (*range(2, 363, 20), 380)
_TURNS = 5
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
    """Hold the conversations from numbers whose language is known, the first of them the long one.

    Raises WrongAnswer.
    """
    system.forget_conversations()
    long = _Talk(system, numbers[0])
    by_turn = {(start + stop) // 2: long.go_on(stop - start) for start, stop in pairwise(_MARKS)}
    early, late = [], []
    for number in numbers[1:]:
        early.append(_Talk(system, number).go_on(_TURNS))
        late.append(long.go_on(_TURNS))
    with contextlib.closing(system.engine_store()) as store:
        size = max((_size(store, key) for key in store.scan_iter("*whatsapp-*")), default=0)
    turn400 = mean(late)
    by_turn[_MARKS[-1] + len(late) * _TURNS // 2] = turn400
    return LongConversation(mean(early), turn400, size, by_turn)


class _Talk:
    """One chat that asks for the further services and for help in turn; its first turn is over."""

    def __init__(self, system: System, number: str) -> None:
        self._system = system
        self._chat = Chat(system.channels["whatsapp"], number)
        self._deadline = time.monotonic() + _LIMIT_SECONDS
        self._turn = 1
        # Home leads to the menu wherever the door believes the chat to stand.
        _say(self._chat, "00", flat(said("utter_menu", ChannelKind.WHATSAPP)), 1)

    def go_on(self, turns: int) -> float:
        """Take so many turns more; their CPU ms each."""
        asked = (
            (number_of("utter_menu", "/more"), flat(said("utter_more", ChannelKind.WHATSAPP))),
            (number_of("utter_more", "/help"), flat(said("utter_help", ChannelKind.WHATSAPP))),
        )
        before = self._system.read_cpu()
        for _ in range(turns):
            self._turn += 1
            if time.monotonic() > self._deadline:
                raise WrongAnswer(f"turn {self._turn} was not reached in time")
            _say(self._chat, *asked[self._turn % 2], self._turn)
        return counted(self._system.read_cpu().since(before)) * 1000 / turns


def _say(chat: Chat, text: str, mark: str, turn: int) -> None:
    heard = flat(" ".join(chat.say(text)))
    if mark not in heard:
        raise WrongAnswer(f"turn {turn} says {heard!r} without {mark!r}")


def _size(store: redis.Redis, key: bytes) -> int:
    if store.type(key) == b"string":
        return int(store.strlen(key))
    return store.memory_usage(key, samples=0) or 0
