"""A script of Redis is asked as a client asks its commands, whatever becomes of the connection."""

from __future__ import annotations

import pytest
import redis

from core.stores import Script, open_redis
from tests.redis_server import RedisServer

ECHO = "return {KEYS[1], ARGV[1], redis.call('get', KEYS[1])}"


def test_a_script_returns_what_redis_returns(store: redis.Redis) -> None:
    store.set("a", b"kept")

    assert [b"a", b"7", b"kept"] == Script(store, ECHO)(["a"], [7])


def test_a_script_that_redis_forgot_is_told_again(store: redis.Redis) -> None:
    script = Script(store, ECHO)
    script(["a"], [1])
    store.script_flush()

    assert [b"a", b"2", None] == script(["a"], [2])


def test_a_script_is_asked_again_where_its_connection_was_dead(store: redis.Redis) -> None:
    script = Script(store, ECHO)
    script(["a"], [1])
    store.client_kill_filter(_type="normal", skipme=False)

    assert [b"a", b"2", None] == script(["a"], [2])


def test_what_redis_refuses_is_raised_and_the_connection_kept(store: redis.Redis) -> None:
    script, refused = Script(store, ECHO), Script(store, "return redis.call('nothing')")
    with pytest.raises(redis.ResponseError):
        refused([])

    assert [b"a", b"1", None] == script(["a"], [1])


def test_an_answer_that_comes_too_late_is_taken_for_no_other(redis_server: RedisServer) -> None:
    impatient = open_redis(redis_server.url, timeout_seconds=0.3)
    script = Script(impatient, ECHO)
    script(["a"], [1])
    redis_server.stall()
    try:
        with pytest.raises(redis.TimeoutError):
            script(["a"], [2])
    finally:
        redis_server.go_on()
    answers = [script(["a"], [number]) for number in (3, 4)]
    impatient.close()

    assert [[b"a", b"3", None], [b"a", b"4", None]] == answers
