"""Opening Redis, with time limits that keep a stalled store from holding up a citizen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError
from redis.retry import Retry
from redis.sentinel import Sentinel

from core.errors import StoreUnavailable
from core.redis_address import read_sentinels
from core.redis_pool import QuietPool


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
    """A script that Redis carries out whole, in one exchange.

    It is asked over the connections of a client, and as the client asks: again where a connection
    was dead, and not where Redis stalls. Of all that the client does around each command, which
    takes longer than the exchange itself, nothing is done.
    """

    def __init__(self, store: redis.Redis, text: str) -> None:
        self._pool: Any = store.connection_pool
        self._text = text
        # Redis knows scripts by no other digest; nothing secret hangs on it.
        self._name: Final = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, keys: Sequence[str], args: Sequence[Any] = ()) -> Any:
        """What the script returns. May raise what Redis raises."""
        connection = self._pool.get_connection()
        try:
            try:
                return self._ask(connection, keys, args)
            except redis.ConnectionError:
                connection.disconnect()
                return self._ask(connection, keys, args)
        except redis.ResponseError:
            raise
        except BaseException:
            # What is answered late must not be read as the answer to something else.
            connection.disconnect()
            raise
        finally:
            self._pool.release(connection)

    def _ask(self, connection: Any, keys: Sequence[str], args: Sequence[Any]) -> Any:
        connection.send_command("EVALSHA", self._name, len(keys), *keys, *args)
        try:
            return connection.read_response()
        except NoScriptError:
            connection.send_command("EVAL", self._text, len(keys), *keys, *args)
            return connection.read_response()


@contextmanager
def answering() -> Iterator[None]:
    """Work with Redis for which StoreUnavailable is raised where Redis fails."""
    try:
        yield
    except redis.RedisError as failure:
        raise StoreUnavailable("Redis does not answer") from failure
