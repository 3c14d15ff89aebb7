"""How many messages a sender sends in a second, over all workers; slower for a while when asked to.

The count is kept in Redis by the library `limits`. A provider that asks for less halves the rate,
again and again down to a trickle, until it has not asked for a while.
"""

from __future__ import annotations

import time
from typing import Final, cast

import redis
from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

_SLOWEST: Final = 6


class Pace:
    """The pace of senders by name. Every method may raise what Redis raises."""

    def __init__(self, store: redis.Redis, per_second: int) -> None:
        self._store = store
        self._per_second = per_second
        # The address is not used: the pool of connections is ours.
        storage = RedisStorage(
            "redis://", connection_pool=store.connection_pool, key_prefix="pace:window"
        )
        self._limiter = MovingWindowRateLimiter(storage)

    def take(self, sender: str) -> float:
        """Take a place among the messages of now: 0, or in how many seconds to ask again."""
        item = RateLimitItemPerSecond(self.rate(sender))
        if self._limiter.hit(item, sender):
            return 0.0
        free_at = self._limiter.get_window_stats(item, sender).reset_time
        return max(free_at - time.time(), 0.01)

    def rate(self, sender: str) -> int:
        """How many messages a second the sender may send now, one at least."""
        slower = cast("bytes | None", self._store.get(f"pace:{sender}"))
        return max(self._per_second >> min(int(slower or 0), _SLOWEST), 1)

    def slow_down(self, sender: str, seconds: int) -> int:
        """Halve the sender's rate for a while, which begins anew; the rate it has now."""
        key = f"pace:{sender}"
        pipeline = self._store.pipeline(transaction=True)
        pipeline.incr(key)
        pipeline.expire(key, seconds)
        pipeline.execute()
        return self.rate(sender)
