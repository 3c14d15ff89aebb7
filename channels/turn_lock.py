"""One turn at a time per conversation, over all doors and workers.

A lock lasts ten seconds and is renewed while its turn runs, so that a door that dies shuts nobody
out for long.

A store that stalls may still carry out, once it goes on, the command whose caller has long given
up: a lock taken that way would shut a citizen out until it expires. Such orphans are remembered and
released as soon as the store answers again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread

import redis
from redis import lock as redis_lock

from channels.guarding import TOKEN_LETTERS, Entrusted, Held, held, lock_key
from core.errors import ConversationBusy, TooMany
from core.stores import Script

_LOCK_SECONDS = 10
_RENEW_SECONDS = 3.0
_RETRY_SECONDS = 0.2
_RETRY_LOCK_SECONDS = 0.02
# Counts, takes a lock that nobody holds, and reads; nil where somebody does, the place of a count
# that is beyond what it may be, in which case nothing is taken. What is entrusted is read last and
# kept where nothing is there.
# KEYS the lock, what is counted, what is read · ARGV the token, its milliseconds, how many counts,
# of each its seconds and its most, then what is entrusted and its seconds.
_TAKE = """
local counts, beyond = tonumber(ARGV[3]), nil
for place = 1, counts do
  local key = KEYS[place + 1]
  local count = redis.call('incr', key)
  if count == 1 then redis.call('expire', key, ARGV[place * 2 + 2]) end
  if count > tonumber(ARGV[place * 2 + 3]) then beyond = beyond or place end
end
if beyond then return beyond end
if not redis.call('set', KEYS[1], ARGV[1], 'nx', 'px', ARGV[2]) then return nil end
if #KEYS == counts + 1 then return {} end
local found = redis.call('mget', unpack(KEYS, counts + 2))
local entrusted = ARGV[counts * 2 + 4]
if entrusted and not found[#found] then
  redis.call('set', KEYS[#KEYS], ARGV[1] .. entrusted, 'ex', ARGV[counts * 2 + 5])
end
return found
"""
# Lets go of a lock, if it is still ours, and of what was entrusted to it.
# KEYS the lock, what was entrusted · ARGV the token.
_LET_GO = """
if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end
local mine = KEYS[2] and redis.call('get', KEYS[2])
if mine and string.sub(mine, 1, #ARGV[1]) == ARGV[1] then redis.call('del', KEYS[2]) end
"""


@dataclass(frozen=True, slots=True)
class Count:
    """Something that is counted under a key for so many seconds, and how often it may come."""

    key: str
    seconds: int
    most: int


class TurnLock:
    """Locks conversations in Redis."""

    def __init__(self, store: redis.Redis) -> None:
        self._store = store
        self._take = Script(store, _TAKE)
        self._let_go = Script(store, _LET_GO)
        self._orphans: set[tuple[str, str, str]] = set()
        self._held: set[tuple[str, str]] = set()
        self._guard = Lock()
        self._cleaner: Thread | None = None
        self._renewer: Thread | None = None

    @contextmanager
    def hold(
        self,
        conversation: str,
        wait_seconds: float,
        keys: Sequence[str] = (),
        counts: Sequence[Count] = (),
        entrusted: Entrusted | None = None,
    ) -> Iterator[list[bytes | None]]:
        """Hold a conversation; what `keys` hold is read with it, in one exchange.

        All of `counts` are counted in it too, whether the conversation is free or not. What is
        `entrusted` is kept from then on until something is saved, and read last: where an earlier
        one is found, that stays instead. It ends with the lock, unless the holder fails and it was
        promised. Raises TooMany where one came too often, ConversationBusy after `wait_seconds`.
        """
        name, token = lock_key(conversation), secrets.token_hex(TOKEN_LETTERS // 2)
        kept = entrusted.key if entrusted else ""
        try:
            found = self._taken(name, token, wait_seconds, keys, counts, entrusted)
        except redis.RedisError:
            self._release_later(name, token, kept)
            raise
        if found is None:
            raise ConversationBusy(conversation)
        self._renew_from_now(name, token)
        mine = Held(name, token, entrusted=kept)
        before, is_over = held.set(mine), False
        try:
            yield found
            is_over = True
        finally:
            held.reset(before)
            with self._guard:
                self._held.discard((name, token))
            if not mine.is_let_go:
                is_left = mine.is_promised and not is_over
                self._release(name, token, "" if is_left else mine.entrusted)

    def _taken(
        self,
        name: str,
        token: str,
        wait_seconds: float,
        keys: Sequence[str],
        counts: Sequence[Count],
        entrusted: Entrusted | None,
    ) -> list[bytes | None] | None:
        """What the keys hold, or None where somebody else held the lock all the time."""
        until = time.monotonic() + wait_seconds
        beside = [entrusted.value, entrusted.seconds] if entrusted else []
        read = [*keys, entrusted.key] if entrusted else keys
        while True:
            limits = [number for count in counts for number in (count.seconds, count.most)]
            answer: list[bytes | None] | int | None = self._take(
                [name, *(count.key for count in counts), *read],
                [token, _LOCK_SECONDS * 1000, len(counts), *limits, *beside],
            )
            if isinstance(answer, int):
                raise TooMany(counts[answer - 1].key)
            if answer is not None:
                return answer
            counts = ()
            if time.monotonic() + _RETRY_LOCK_SECONDS > until:
                return None
            time.sleep(_RETRY_LOCK_SECONDS)

    def _renew_from_now(self, name: str, token: str) -> None:
        with self._guard:
            self._held.add((name, token))
            if self._renewer is None:
                self._renewer = Thread(target=self._renew, name="turn-lock-renewer", daemon=True)
                self._renewer.start()

    def _renew(self) -> None:
        pause = Event()
        while True:
            pause.wait(_RENEW_SECONDS)
            with self._guard:
                held = set(self._held)
                if not held:
                    self._renewer = None
                    return
            for name, token in held:
                # A lock that was lost, or a store that is away, is its turn's to find out.
                with suppress(redis.RedisError):
                    mine = redis_lock.Lock(self._store, name, timeout=_LOCK_SECONDS)
                    mine.local.token = token.encode()
                    mine.do_reacquire()

    def _release(self, name: str, token: str, entrusted: str) -> None:
        try:
            self._forget(name, token, entrusted)
        except redis.RedisError:
            self._release_later(name, token, entrusted)

    def _release_later(self, name: str, token: str, entrusted: str) -> None:
        with self._guard:
            self._orphans.add((name, token, entrusted))
            if self._cleaner is None:
                self._cleaner = Thread(target=self._clean, name="turn-lock-cleaner", daemon=True)
                self._cleaner.start()

    def _clean(self) -> None:
        pause = Event()
        while True:
            with self._guard:
                orphans = set(self._orphans)
                if not orphans:
                    self._cleaner = None
                    return
            try:
                for orphan in orphans:
                    self._forget(*orphan)
                    with self._guard:
                        self._orphans.discard(orphan)
            except redis.RedisError:
                pause.wait(_RETRY_SECONDS)

    def _forget(self, name: str, token: str, entrusted: str) -> None:
        self._let_go([name, entrusted] if entrusted else [name], [token])
