"""What is kept of a conversation is kept by whoever holds its turn, and by nobody who did.

A lock lapses while its door is cut off or stalls, and another door goes on. What the first then
sends, or had sent and Redis carries out late, must not undo that: Redis looks at the lock as it
writes. Where the lock lapsed and nobody went on meanwhile, nothing is undone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

import redis

from core.errors import ConversationBusy
from core.stores import Command, Script, together

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
    """The lock that a thread holds: its key, its token, and what it guards, as last known.

    `entrusted` is the key of what is kept beside it until something is saved; `is_promised` where
    that must outlive a turn that fails; `is_let_go` once the lock went with what was saved last.
    """

    lock: str = ""
    token: str = ""
    kept: bytes = b""
    entrusted: str = ""
    is_promised: bool = False
    is_let_go: bool = False


held: ContextVar[Held | None] = ContextVar("held", default=None)
# Returns 1 where all is carried out, or was already and the answer was lost; 0 where another holds
# the lock or went on meanwhile; 2 where the lock is not ours, and only digests can tell.
# KEYS the lock, what it guards · ARGV its token, the digests of what that was and of what it will
# be, or nothing, then each command: how many words, and the words.
_IF_HELD: Final = """
local holder = redis.call('get', KEYS[1])
if holder ~= ARGV[1] then
  if ARGV[2] == '' then return 2 end
  local kept = redis.sha1hex(redis.call('get', KEYS[2]) or '')
  if kept == ARGV[3] then return 1 end
  if holder or kept ~= ARGV[2] then return 0 end
end
local at = 4
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
return 1
"""
_NOT_OURS: Final = 2


class Guard:
    """Carries an exchange out whole, or not at all where another has the conversation by now."""

    def __init__(self, store: redis.Redis) -> None:
        self._store = store
        self._if_held = Script(store, _IF_HELD)

    def execute(
        self,
        commands: Sequence[Command],
        conversation: str,
        key: str,
        kept: bytes,
        is_last: bool = False,
    ) -> None:
        """Carry out commands, which leave `kept` at `key`. Raises ConversationBusy.

        Whoever works without a lock is not asked for one. What `is_last` takes the lock with it.
        """
        mine = held.get()
        if mine is None or mine.lock != lock_key(conversation):
            together(self._store, commands)
            return
        taken_away = [mine.entrusted] if mine.entrusted else []
        if is_last:
            taken_away.append(mine.lock)
        if taken_away:
            commands = [*commands, ("DEL", *taken_away)]
        words = [word for command in commands for word in (len(command), *command)]
        keys = [mine.lock, key]
        done = self._if_held(keys, [mine.token, "", "", *words])
        if done == _NOT_OURS:
            digests = _digest(mine.kept), _digest(kept)
            done = self._if_held(keys, [mine.token, *digests, *words])
        if not done:
            raise ConversationBusy(conversation)
        mine.entrusted, mine.is_let_go, mine.kept = "", is_last, kept


def promise() -> None:
    """The citizen of the conversation that is held here may be told that what came is kept."""
    mine = held.get()
    if mine is not None:
        mine.is_promised = True


def note_read(conversation: str, kept: bytes | None) -> None:
    """Remember what whoever holds a conversation read of it."""
    mine = held.get()
    if mine is not None and mine.lock == lock_key(conversation):
        mine.kept = kept or b""


def _digest(kept: bytes) -> str:
    # Redis has no other; nothing secret hangs on it.
    return hashlib.sha1(kept, usedforsecurity=False).hexdigest()


def lock_key(conversation: str) -> str:
    """Where the lock of a conversation's turn is."""
    return f"turn:{conversation}"
