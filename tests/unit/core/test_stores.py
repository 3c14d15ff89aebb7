"""Redis is asked as its client asks, whatever becomes of the connection: scripts and commands."""

from __future__ import annotations

import pytest
import redis

from core.stores import Script, ask, open_redis, together
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


def test_commands_are_answered_in_their_order_by_one_exchange(store: redis.Redis) -> None:
    kept = ask(store, ("SET", "a", b"1"), ("GET", "a"), ("MGET", "a", "b"), ("INCRBY", "a", 2))

    assert [b"OK", b"1", [b"1", None], 3] == kept


def test_commands_are_asked_again_where_their_connection_was_dead(store: redis.Redis) -> None:
    ask(store, ("SET", "a", b"1"))
    store.client_kill_filter(_type="normal", skipme=False)

    assert [b"1", None] == ask(store, ("GET", "a"), ("GET", "b"))


def test_of_several_commands_one_that_is_refused_keeps_no_other_from_its_answer(
    store: redis.Redis,
) -> None:
    with pytest.raises(redis.ResponseError):
        ask(store, ("SET", "a", b"1"), ("NOTHING",), ("SET", "b", b"2"))

    assert [b"1", b"2"] == ask(store, ("GET", "a"), ("GET", "b"))


def test_late_answers_of_several_commands_are_taken_for_no_others(
    redis_server: RedisServer,
) -> None:
    impatient = open_redis(redis_server.url, timeout_seconds=0.3)
    ask(impatient, ("MSET", "a", b"1", "b", b"2"))
    redis_server.stall()
    try:
        with pytest.raises(redis.TimeoutError):
            ask(impatient, ("GET", "a"), ("GET", "a"))
    finally:
        redis_server.go_on()
    answers = ask(impatient, ("GET", "b"), ("GET", "b"))
    impatient.close()

    assert [b"2", b"2"] == answers


def test_what_is_asked_together_is_carried_out_at_once(store: redis.Redis) -> None:
    together(store, [("SET", "a", b"1", "EX", 60), ("RPUSH", "b", b"2", b"3")])

    assert (b"1", [b"2", b"3"]) == (store.get("a"), store.lrange("b", 0, -1))


def test_what_redis_refuses_of_what_is_asked_together_is_raised(store: redis.Redis) -> None:
    store.set("a", "1")

    with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
        together(store, [("RPUSH", "a", b"2"), ("SET", "b", b"3")])
    with pytest.raises(redis.ResponseError):
        together(store, [("NO SUCH COMMAND",)])
