"""No answer about an identity that is not proved tells by its time whether anybody was found.

To send a code takes the registry longer than to refuse one. So what does not match waits as long as
one of the last codes took, drawn by lot, and never less than the floor. Whoever is verified waits
for nothing: the answer itself tells that they are.
"""

from __future__ import annotations

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


def _left(seconds: float, began: float) -> float:
    return max(0.0, seconds - (time.monotonic() - began))
