"""One turn's two exchanges with Redis: lock and read, then write and unlock.

The lock store makes them; the tracker store finds what was read, and leaves what is to be written,
in the exchange of the turn that runs.
"""

from __future__ import annotations

import contextvars
import os
from dataclasses import dataclass, field
from typing import Any

from rasa.core.lock_store import LockError
from rasa.utils.endpoints import EndpointConfig

from engine.keeping import stamp_of
from engine.redis_place import open_store
from engine.script import Script

# KEYS lock, tracker · ARGV token, milliseconds
_OPEN = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {1, redis.call('GET', KEYS[2])}
end
return {0, false}
"""
# KEYS lock, tracker, stream · ARGV token, stamp that was read, value to write or nothing, seconds,
# what the transcripts are told or nothing, and under which name
# What was written or erased by somebody else meanwhile is not written over, and nothing is told.
_CLOSE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
if ARGV[3] == '' then
  return 1
end
if redis.call('GETRANGE', KEYS[2], 0, 8) ~= ARGV[2] then
  return 0
end
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[4])
if ARGV[5] ~= '' then
  redis.call('XADD', KEYS[3], '*', ARGV[6], ARGV[5])
end
return 1
"""
# Where the transcripts read what the engine made of a turn.
STREAM = "engine:understood"
TOLD = "understood"


@dataclass
class Exchange:
    """What a turn read, and what it leaves to be written: the conversation, and what is told.

    `place` is the address of the Redis database it is made with.
    """

    conversation: str
    read: bytes | None
    place: str = ""
    token: bytes = field(default_factory=lambda: os.urandom(12))
    written: bytes = b""
    told: str = ""


running: contextvars.ContextVar[Exchange | None] = contextvars.ContextVar("exchange", default=None)


class Conversations:
    """The conversations in one Redis database, under one prefix."""

    def __init__(self, settings: EndpointConfig) -> None:
        """Open the database of an entry in endpoints.yml; the first command connects."""
        given = settings.kwargs
        self._place = str(settings.url)
        self._prefix = given["key_prefix"]
        self._life = int(given.get("record_exp") or 0) or 86400
        seconds = float(given.get("socket_timeout", 3))
        self._store = open_store(
            self._place,
            socket_timeout=seconds,
            socket_connect_timeout=seconds,
            health_check_interval=0,
        )
        self._open = Script(self._store, _OPEN)
        self._close = Script(self._store, _CLOSE)

    def lock(self, conversation: str, milliseconds: int) -> Exchange | None:
        """Lock a conversation and read it; None while somebody else holds it."""
        exchange = Exchange(conversation, None, self._place)
        is_ours, read = self._open(
            keys=self._keys(conversation), args=[exchange.token, milliseconds]
        )
        exchange.read = read
        return exchange if is_ours else None

    def unlock(self, exchange: Exchange) -> None:
        """Write what there is to write, and unlock, in one step.

        Raises LockError where the conversation was changed by somebody else since it was read.
        """
        given = [exchange.token, stamp_of(exchange.read), exchange.written, self._life]
        keys = [*self._keys(exchange.conversation), STREAM]
        if not self._close(keys=keys, args=[*given, exchange.told, TOLD]):
            raise LockError("somebody else wrote the conversation; this turn is not kept")

    def read(self, conversation: str) -> bytes | None:
        """The conversation as it is kept."""
        return self._store.get(self._keys(conversation)[1])

    def write(self, conversation: str, value: bytes) -> None:
        """Keep a conversation, whoever holds it."""
        self._store.set(self._keys(conversation)[1], value, ex=self._life)

    def names(self) -> Any:
        """The names of all conversations."""
        start = f"{self._prefix}:tracker:"
        return [key.decode()[len(start) :] for key in self._store.scan_iter(f"{start}*")]

    def _keys(self, conversation: str) -> list[str]:
        return [f"{self._prefix}:lock:{conversation}", f"{self._prefix}:tracker:{conversation}"]
