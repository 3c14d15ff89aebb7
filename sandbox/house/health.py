"""Ways to tell that a process is ready for work. None of them waits or raises."""

from __future__ import annotations

from collections.abc import Callable

import redis
import requests

from core.stores import open_redis

# Told the exit status (None while it runs) and how to read the log since the start.
Health = Callable[[int | None, Callable[[], str]], bool]

_PATIENCE_SECONDS = 1.0


def answers_at(url: str) -> Health:
    """Ready when the address answers 200."""

    def check(_: int | None, __: Callable[[], str]) -> bool:
        with requests.Session() as session:
            session.trust_env = False
            try:
                return session.get(url, timeout=_PATIENCE_SECONDS).status_code == 200
            except requests.RequestException:
                return False

    return check


def redis_answers(url: str) -> Health:
    """Ready when the Redis at an address takes commands of ours."""

    def check(_: int | None, __: Callable[[], str]) -> bool:
        try:
            with open_redis(url, _PATIENCE_SECONDS) as store:
                return bool(store.ping())
        except redis.RedisError:
            return False

    return check


def has_logged(words: str) -> Health:
    """Ready when its log says so."""

    def check(_: int | None, read_log: Callable[[], str]) -> bool:
        return words in read_log()

    return check


def has_ended_well() -> Health:
    """Ready when it has done its work and ended with 0."""

    def check(status: int | None, _: Callable[[], str]) -> bool:
        return status == 0

    return check
