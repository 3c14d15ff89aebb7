"""Opening Redis, with time limits that keep a stalled store from holding up a citizen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

from core.errors import StoreUnavailable
from core.redis_address import read_sentinels


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
        return redis.Redis.from_url(url, **options)
    sentinels = Sentinel(  # type: ignore[no-untyped-call]
        found.places, sentinel_kwargs=found.own_options
    )
    master: redis.Redis = sentinels.master_for(  # type: ignore[no-untyped-call]
        found.name, **found.options, **options
    )
    return master


@contextmanager
def answering() -> Iterator[None]:
    """Work with Redis for which StoreUnavailable is raised where Redis fails."""
    try:
        yield
    except redis.RedisError as failure:
        raise StoreUnavailable("Redis does not answer") from failure
