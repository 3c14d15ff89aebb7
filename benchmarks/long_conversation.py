"""Whether a turn costs more the longer its conversation is: one chat of 410 menu turns."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import redis

from benchmarks.cpu import counted
from benchmarks.flow import WrongAnswer
from benchmarks.systems import System
from benchmarks.words import flat, number_of, said
from core.messages import ChannelKind
from sandbox.phone.client import Chat

# Several conversations for the early turns: five turns of one are over before they can be measured.
EARLY_CONVERSATIONS = 8
_EARLY = range(2, 7)
_LATE = range(391, 410)
_LIMIT_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class LongConversation:
    """CPU of all counted processes per turn, in ms, and the size of the engine's tracker."""

    turn4_cpu_ms: float
    turn400_cpu_ms: float
    redis_key_bytes: int

    def as_json(self) -> dict[str, float]:
        """The shape of `long_conversation` in the JSON report."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def converse(system: System, numbers: Sequence[str]) -> LongConversation:
    """Hold the conversations from numbers whose language is known.

    Raises WrongAnswer.
    """
    system.forget_conversations()
    early = [
        _spent(system, Chat(system.channels["whatsapp"], number), _EARLY) for number in numbers[1:]
    ]
    system.forget_conversations()
    late = _spent(system, Chat(system.channels["whatsapp"], numbers[0]), _LATE)
    with contextlib.closing(system.engine_store()) as store:
        size = max((_size(store, key) for key in store.scan_iter("*whatsapp-*")), default=0)
    return LongConversation(sum(early) / len(early), late, size)


def _spent(system: System, chat: Chat, turns: range) -> float:
    """CPU ms per turn over a range of turns, counted from 1; the chat ends with the range."""
    asked = (
        (number_of("utter_menu", "/more"), flat(said("utter_more", ChannelKind.WHATSAPP))),
        (number_of("utter_more", "/help"), flat(said("utter_help", ChannelKind.WHATSAPP))),
    )
    deadline = time.monotonic() + _LIMIT_SECONDS
    # Home leads to the menu wherever the door believes the chat to stand.
    _say(chat, "00", flat(said("utter_menu", ChannelKind.WHATSAPP)), 1)
    before = system.read_cpu()
    for turn in range(2, turns.stop):
        if turn == turns.start:
            before = system.read_cpu()
        if time.monotonic() > deadline:
            raise WrongAnswer(f"turn {turn} was not reached in time")
        _say(chat, *asked[turn % 2], turn)
    return counted(system.read_cpu().since(before)) * 1000 / len(turns)


def _say(chat: Chat, text: str, mark: str, turn: int) -> None:
    heard = flat(" ".join(chat.say(text)))
    if mark not in heard:
        raise WrongAnswer(f"turn {turn} says {heard!r} without {mark!r}")


def _size(store: redis.Redis, key: bytes) -> int:
    if store.type(key) == b"string":
        return int(store.strlen(key))
    return store.memory_usage(key, samples=0) or 0
