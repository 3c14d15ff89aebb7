"""Which conversations a person of the staff leads, so that the bot is silent in them.

The console begins and ends it in Redis; the door reads it in the exchange that loads the memory of
a conversation. It ends by itself after a day without a word of staff: nobody is left without an
answer because somebody forgot to hand back. After it a citizen may be asked how it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import redis

LED: Final = "led"
ASKED: Final = "asked"
# Staff's replies, and what a citizen said of them (worker/replies.py).
REPLY: Final = "worker.replies.reply"
RATE: Final = "worker.replies.rate"
# Asking the citizen to write, where WhatsApp takes no free text any more.
WAKE: Final = "worker.replies.wake"
RATINGS: Final = ("1", "2", "3")
_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Lead:
    """How a conversation stands with staff: `state` is led or asked, or empty.

    `is_told` where the citizen knows that a person reads what they write.
    """

    state: str = ""
    handover: int = 0
    is_told: bool = False

    @classmethod
    def read(cls, value: bytes | None) -> Lead:
        """What Redis holds."""
        if not value:
            return cls()
        state, _, rest = value.decode().partition(":")
        number, _, told = rest.partition(":")
        return cls(state, int(number), told == "told")


class Staffed:
    """Begins and ends it. Every method may raise what Redis raises."""

    def __init__(self, store: redis.Redis) -> None:
        self._store = store

    def begin(self, conversation: str, handover: int) -> None:
        """A person leads a conversation from now on, or goes on to."""
        key = lead_key(conversation)
        if Lead.read(self._store.get(key)).handover == handover:  # type: ignore[arg-type]
            self._store.expire(key, _SECONDS)
        else:
            self._store.set(key, f"{LED}:{handover}", ex=_SECONDS)

    def told(self, conversation: str, handover: int) -> None:
        """The citizen was told that a person reads."""
        self._store.set(lead_key(conversation), f"{LED}:{handover}:told", ex=_SECONDS, xx=True)

    def ask(self, conversation: str, handover: int) -> None:
        """A person leads it no more, and the next message may say how it was."""
        self._store.set(lead_key(conversation), f"{ASKED}:{handover}", ex=_SECONDS)

    def end(self, conversation: str) -> None:
        """Nobody leads it, and nothing is asked."""
        self._store.delete(lead_key(conversation))


def lead_key(conversation: str) -> str:
    """The key in Redis of a conversation."""
    return f"handover:{conversation}"


def written_in(conversation: str) -> str:
    """The conversation in which staff and citizen write: a caller by USSD is answered by SMS."""
    return conversation.replace("ussd-", "sms-", 1) if conversation[:5] == "ussd-" else conversation
