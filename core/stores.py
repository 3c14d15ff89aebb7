"""Opening Redis, with time limits that keep a stalled store from holding up a citizen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.errors import StoreUnavailable


def open_redis(url: str, timeout_seconds: float = 1.0) -> redis.Redis:
    """A client of the store at `url` that gives up after `timeout_seconds` for each call.

    A dead pooled connection (the store was restarted) is replaced and the call repeated once. A
    store that stalls is not asked again: its caller has a deadline of their own.
    """
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=timeout_seconds,
        retry=Retry(NoBackoff(), 1, (redis.exceptions.ConnectionError,)),
        retry_on_error=[redis.exceptions.ConnectionError],
        health_check_interval=30,
    )


@contextmanager
def answering() -> Iterator[None]:
    """Work with Redis for which StoreUnavailable is raised where Redis fails."""
    try:
        yield
    except redis.RedisError as failure:
        raise StoreUnavailable("Redis does not answer") from failure
