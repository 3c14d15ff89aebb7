"""Rasa's lock store, in whose first exchange the conversation is read and in whose last written."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator

from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from engine.exchange import Conversations, Exchange, running

_WAIT_SECONDS = 0.015


class ConversationLock(LockStore):
    """One turn at a time in a conversation, over all engines.

    An engine that dies shuts its conversation for the lifetime of a lock (TICKET_LOCK_LIFETIME). A
    turn that lasts longer is kept all the same, unless another turn was kept meanwhile.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        """Open the store that endpoints.yml names."""
        self._conversations = Conversations(endpoint_config)

    @contextlib.asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = _WAIT_SECONDS,
    ) -> AsyncGenerator[Exchange, None]:
        """Hold a conversation. Raises LockError after as long as a lock lasts."""
        until = time.monotonic() + lock_lifetime
        milliseconds = int(lock_lifetime * 1000)
        exchange = self._conversations.lock(conversation_id, milliseconds)
        while exchange is None:
            if time.monotonic() > until:
                raise LockError(f"Could not acquire lock for conversation_id '{conversation_id}'.")
            await asyncio.sleep(wait_time_in_seconds)
            exchange = self._conversations.lock(conversation_id, milliseconds)
        before = running.set(exchange)
        try:
            yield exchange
        except BaseException:
            exchange.written = b""
            raise
        finally:
            running.reset(before)
            self._conversations.unlock(exchange)
