"""Who of the staff is there: whoever opened a page of requests in the last two minutes."""

from __future__ import annotations

import time
from typing import Final, cast

import redis

_KEY: Final = "presence"
_SECONDS: Final = 120


class Presence:
    """Who is there. Every method may raise what Redis raises."""

    def __init__(self, store: redis.Redis) -> None:
        self._store = store

    def seen(self, staff: str) -> None:
        """Somebody is there."""
        pipeline = self._store.pipeline(transaction=False)
        pipeline.zadd(_KEY, {staff: time.time()})
        pipeline.expire(_KEY, _SECONDS)
        pipeline.execute()

    def present(self) -> list[str]:
        """Who is there, the one seen last at the end."""
        since = time.time() - _SECONDS
        found = cast("list[bytes]", self._store.zrangebyscore(_KEY, since, "+inf"))
        return [one.decode() for one in found]
