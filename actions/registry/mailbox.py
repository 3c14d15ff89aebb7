"""Where a late answer waits for whoever asked: in Redis, sealed, for the time of one call.

The client says which transaction it asked under; the intake puts the answer there. An answer that
nobody waits for is not kept.
"""

from __future__ import annotations

import time
from typing import Final, cast

import redis

from core.errors import RegistryUnavailable, TokenRefused
from core.privacy import Seal

_LIFE_SECONDS: Final = 60
_STEP_SECONDS: Final = 0.5


class Mailbox:
    """Answers by their transaction."""

    def __init__(self, store: redis.Redis, seal: Seal) -> None:
        self._store = store
        self._seal = seal

    def expect(self, transaction: str) -> None:
        """An answer to this transaction will be waited for. Raises RegistryUnavailable."""
        try:
            self._store.set(f"asked:{transaction}", b"1", ex=_LIFE_SECONDS)
        except redis.RedisError:
            raise RegistryUnavailable("no answer could be waited for") from None

    def deliver(self, transaction: str, answer: bytes) -> bool:
        """Put an answer where it is waited for; False where it is not. Raises RedisError."""
        if not self._store.delete(f"asked:{transaction}"):
            return False
        key = f"answer:{transaction}"
        pipeline = self._store.pipeline()
        pipeline.rpush(key, self._seal.close(answer, key))
        pipeline.expire(key, _LIFE_SECONDS)
        pipeline.execute()
        return True

    def wait(self, transaction: str, seconds: float) -> bytes | None:
        """The answer, None where it does not come in time. Raises RegistryUnavailable."""
        key, end = f"answer:{transaction}", time.monotonic() + seconds
        found: tuple[bytes, bytes] | None = None
        try:
            while found is None and (left := end - time.monotonic()) > 0:
                # Shorter than a client of the store waits for any answer of its own.
                waited = self._store.blpop([key], timeout=min(left, _STEP_SECONDS))
                found = cast("tuple[bytes, bytes] | None", waited)
            return self._seal.open(found[1], key) if found else None
        except redis.RedisError:
            raise RegistryUnavailable("no answer could be waited for") from None
        except TokenRefused:
            raise RegistryUnavailable("the answer is sealed with another key") from None
