"""No answer about an identity tells by its time whether anybody was found.

To send a code takes the registry longer than to refuse one. So what does not match waits as long as
one of the last codes took, drawn by lot, and never less than the floor. Whoever is verified is told
what they asked for by another action, and the same floor holds for both together.
"""

from __future__ import annotations

import math
import secrets
import time
from typing import Final, cast

import redis

_KEY: Final = "pace:codes"
_REMEMBERED: Final = 50
_LONGEST_SECONDS: Final = 5.0


class Pace:
    """How long codes took lately, over all processes."""

    def __init__(self, store: redis.Redis, floor_seconds: float) -> None:
        self._store = store
        self._floor = floor_seconds

    def sent(self, seconds: float) -> None:
        """Remember how long it took until a code was sent."""
        pipeline = self._store.pipeline()
        pipeline.lpush(_KEY, f"{min(seconds, _LONGEST_SECONDS):.4f}")
        pipeline.ltrim(_KEY, 0, _REMEMBERED - 1)
        pipeline.execute()

    def wait(self, began: float, *, as_if_sent: bool) -> None:
        """Wait until the floor since `began`, a monotonic time, or as long as a code would take."""
        seconds = self._floor
        if as_if_sent:
            taken = cast("list[bytes]", self._store.lrange(_KEY, 0, -1))
            seconds = max(seconds, float(secrets.choice(taken)) if taken else 0.0)
        time.sleep(_left(seconds, began))

    def hold(self, conversation: str, began: float) -> None:
        """Let `rest` wait, in whichever process, until the floor since `began`."""
        left = _left(self._floor, began)
        if left:
            self._store.set(_held(conversation), 1, px=math.ceil(1000 * left))

    def rest(self, conversation: str) -> None:
        """Wait as long as the answer to a conversation is held."""
        milliseconds = self._store.pttl(_held(conversation))
        if milliseconds >= 0:
            # The store counts whole milliseconds, and its clock may be one behind.
            time.sleep((milliseconds + 2) / 1000)


def _held(conversation: str) -> str:
    return f"pace:held:{conversation}"


def _left(seconds: float, began: float) -> float:
    return max(0.0, seconds - (time.monotonic() - began))
