"""What is kept of a conversation is kept by whoever holds its turn, and by nobody who did.

A lock lapses while its door is cut off or stalls, and another door goes on. What the first then
sends, or had sent and Redis carries out late, must not undo that: Redis looks at the lock as it
writes. Where the lock lapsed and nobody went on meanwhile, nothing is undone.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import redis
from redis.client import Pipeline

from core.errors import ConversationBusy
from core.stores import Script

# So much of what is entrusted to a lock is the token of the lock.
TOKEN_LETTERS: Final = 32


@dataclass(frozen=True, slots=True)
class Entrusted:
    """What is kept under a key from the taking of a lock, unless an earlier one is still there.

    The turn that holds the lock takes it away with the first thing it saves, or at its end.
    """

    key: str
    value: bytes
    seconds: int


@dataclass(slots=True)
class Held:
    """The lock that a thread holds: its key, its token, and the digest of what it guards.

    `entrusted` is the key of what is kept beside it until something is saved; `is_promised` where
    that must outlive a turn that fails; `is_let_go` once the lock went with what was saved last.
    """

    lock: str = ""
    token: str = ""
    digest: str = ""
    entrusted: str = ""
    is_promised: bool = False
    is_let_go: bool = False

    def note(self, kept: bytes | None) -> None:
        """Remember what was read or written last."""
        # Redis has no other digest; nothing secret hangs on it.
        self.digest = hashlib.sha1(kept or b"", usedforsecurity=False).hexdigest()


held: ContextVar[Held | None] = ContextVar("held", default=None)
# KEYS the lock, what it guards · ARGV its token, the digest, then each command: how many words, and
# the words.
_IF_HELD: Final = """
local holder = redis.call('get', KEYS[1])
if holder ~= ARGV[1] then
  if holder or redis.sha1hex(redis.call('get', KEYS[2]) or '') ~= ARGV[2] then return 0 end
end
local at = 3
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
return 1
"""


class Guard:
    """Carries an exchange out whole, or not at all where another has the conversation by now."""

    def __init__(self, store: redis.Redis) -> None:
        self._if_held = Script(store, _IF_HELD)

    def execute(
        self, pipeline: Pipeline, conversation: str, key: str, kept: bytes, is_last: bool = False
    ) -> None:
        """Carry out what a pipeline holds, which leaves `kept` at `key`. Raises ConversationBusy.

        Whoever works without a lock is not asked for one. What `is_last` takes the lock with it.
        """
        mine = held.get()
        if mine is None or mine.lock != lock_key(conversation):
            pipeline.execute()
            return
        words: list[Any] = [mine.token, mine.digest]
        for command, _ in pipeline.command_stack:
            words += [len(command), *command]
        pipeline.reset()
        if mine.entrusted:
            words += [2, "DEL", mine.entrusted]
        if is_last:
            words += [2, "DEL", mine.lock]
        if not self._if_held([mine.lock, key], words):
            raise ConversationBusy(conversation)
        mine.entrusted, mine.is_let_go = "", is_last
        mine.note(kept)


def promise() -> None:
    """The citizen of the conversation that is held here may be told that what came is kept."""
    mine = held.get()
    if mine is not None:
        mine.is_promised = True


def note_read(conversation: str, kept: bytes | None) -> None:
    """Remember what whoever holds a conversation read of it."""
    mine = held.get()
    if mine is not None and mine.lock == lock_key(conversation):
        mine.note(kept)


def lock_key(conversation: str) -> str:
    """Where the lock of a conversation's turn is."""
    return f"turn:{conversation}"
