"""Opening Redis, with time limits that keep a stalled store from holding up a citizen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import redis
from hiredis import pack_command
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError
from redis.retry import Retry
from redis.sentinel import Sentinel

from core.errors import StoreUnavailable
from core.redis_address import read_sentinels
from core.redis_pool import QuietPool

# A command of Redis, word by word: ("SET", "key", b"value", "EX", 60).
Command = Sequence[Any]


def open_redis(url: str, timeout_seconds: float = 1.0) -> redis.Redis:
    """A client of the store at `url` that gives up after `timeout_seconds` for each call.

    A dead pooled connection (the store was restarted) is replaced and the call repeated once. A
    store that stalls is not asked again: its caller has a deadline of their own. Where the address
    names Sentinels, each new connection asks them for the master.
    """
    options: dict[str, Any] = {
        "socket_timeout": timeout_seconds,
        "socket_connect_timeout": timeout_seconds,
        "retry": Retry(NoBackoff(), 1, (redis.exceptions.ConnectionError,)),
        "retry_on_error": [redis.exceptions.ConnectionError],
        "health_check_interval": 30,
    }
    found = read_sentinels(url)
    if found is None:
        return redis.Redis.from_pool(QuietPool.from_url(url, **options))
    sentinels = Sentinel(  # type: ignore[no-untyped-call]
        found.places, sentinel_kwargs=found.own_options
    )
    master: redis.Redis = sentinels.master_for(  # type: ignore[no-untyped-call]
        found.name, **found.options, **options
    )
    return master


class Script:
    """A script that Redis carries out whole, in one exchange; asked as `ask` asks."""

    def __init__(self, store: redis.Redis, text: str) -> None:
        self._store = store
        self._text = text
        # Redis knows scripts by no other digest; nothing secret hangs on it.
        self._name: Final = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, keys: Sequence[str], args: Sequence[Any] = ()) -> Any:
        """What the script returns. May raise what Redis raises."""
        given = (len(keys), *keys, *args)
        try:
            return ask(self._store, ("EVALSHA", self._name, *given))[0]
        except NoScriptError:
            return ask(self._store, ("EVAL", self._text, *given))[0]


def ask(store: redis.Redis, *commands: Command) -> list[Any]:
    """What Redis answers to each of the commands, all asked in one exchange, as it answers it.

    They are asked over the connections of a client, and as the client asks: again where a
    connection was dead, and not where Redis stalls. Of all that the client does around each
    command, which takes longer than the exchange itself, nothing is done. The first answer that is
    an error is raised once all are read; the other commands are carried out. May raise what Redis
    raises.
    """
    pool: Any = store.connection_pool
    connection = pool.get_connection()
    try:
        try:
            answers = _asked(connection, commands)
        except redis.ConnectionError:
            connection.disconnect()
            answers = _asked(connection, commands)
    except BaseException:
        # What is answered late must not be read as the answer to something else.
        connection.disconnect()
        pool.release(connection)
        raise
    if isinstance(pool, QuietPool):
        pool.take_back(connection)
    else:
        pool.release(connection)
    for answer in answers:
        if isinstance(answer, redis.ResponseError):
            raise answer
    return answers


def together(store: redis.Redis, commands: Sequence[Command]) -> None:
    """Carry out all of the commands at once, with nothing of anybody else's in between.

    May raise what Redis raises.
    """
    *_, done = ask(store, ("MULTI",), *commands, ("EXEC",))
    for answer in done:
        if isinstance(answer, redis.ResponseError):
            raise answer


def _asked(connection: Any, commands: Sequence[Command]) -> list[Any]:
    # As the client packs them, which looks at each word for kinds that none of ours is of.
    packed = b"".join([pack_command(tuple(command)) for command in commands])
    connection.send_packed_command([packed])
    return [_answer(connection) for _ in commands]


def _answer(connection: Any) -> Any:
    try:
        return connection.read_response()
    except redis.ResponseError as refused:
        return refused


@contextmanager
def answering() -> Iterator[None]:
    """Work with Redis for which StoreUnavailable is raised where Redis fails."""
    try:
        yield
    except redis.RedisError as failure:
        raise StoreUnavailable("Redis does not answer") from failure
