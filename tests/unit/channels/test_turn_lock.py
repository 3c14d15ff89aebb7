"""A conversation is held by one turn at a time, and never for longer than a turn may last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
import redis

from channels.guarding import TOKEN_LETTERS, Entrusted, promise
from channels.turn_lock import Count, TurnLock
from core.errors import ConversationBusy, TooMany
from tests.redis_server import RedisServer


@pytest.fixture
def turns(store: redis.Redis) -> TurnLock:
    return TurnLock(store)


def is_free(turns: TurnLock, conversation: str) -> bool:
    try:
        with turns.hold(conversation, 0.05):
            return True
    except (ConversationBusy, redis.RedisError):
        return False


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_a_second_turn_of_a_conversation_is_told_that_it_is_busy(turns: TurnLock) -> None:
    with turns.hold("ussd-a", 1.0):
        assert not is_free(turns, "ussd-a")
        assert is_free(turns, "ussd-b")

    assert is_free(turns, "ussd-a")


def test_it_is_held_over_all_processes(turns: TurnLock, redis_server: RedisServer) -> None:
    client = redis_server.client()
    with turns.hold("ussd-a", 1.0):
        assert not is_free(TurnLock(client), "ussd-a")

    assert is_free(TurnLock(client), "ussd-a")
    client.close()


def test_a_turn_that_fails_lets_the_conversation_go(turns: TurnLock) -> None:
    with pytest.raises(ZeroDivisionError), turns.hold("ussd-a", 1.0):
        _ = 1 / 0

    assert is_free(turns, "ussd-a")


def test_a_turn_waits_for_the_one_before_it(turns: TurnLock) -> None:
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with turns.hold("ussd-a", 1.0):
            begun.set()
            go_on.wait(5)
            order.append("first")

    def second() -> None:
        with turns.hold("ussd-a", 5.0):
            order.append("second")

    with ThreadPoolExecutor() as pool:
        running = pool.submit(first)
        begun.wait(5)
        waiting = pool.submit(second)
        go_on.set()
        running.result(5)
        waiting.result(5)

    assert ["first", "second"] == order


def test_who_is_told_to_wait_is_counted_once(turns: TurnLock, store: redis.Redis) -> None:
    counts = [Count("came:a", 60, 9), Count("came:b", 60, 9)]
    with turns.hold("ussd-a", 1.0), pytest.raises(ConversationBusy):
        turns.hold("ussd-a", 0.2, (), counts).__enter__()

    assert [b"1", b"1"] == store.mget("came:a", "came:b")
    assert 50 < store.ttl("came:a") <= 60


def test_who_comes_too_often_is_counted_and_holds_nothing(
    turns: TurnLock, store: redis.Redis
) -> None:
    counts = [Count("came:a", 60, 1), Count("came:b", 60, 9)]
    with turns.hold("ussd-a", 1.0, (), counts):
        pass
    with pytest.raises(TooMany, match="came:a"):
        turns.hold("ussd-a", 1.0, (), counts).__enter__()

    assert [b"2", b"2"] == store.mget("came:a", "came:b")
    assert is_free(turns, "ussd-a")


def test_the_lock_of_a_process_that_died_ends_by_itself(
    turns: TurnLock, store: redis.Redis
) -> None:
    with turns.hold("ussd-a", 1.0):
        life = store.ttl("turn:ussd-a")

    assert isinstance(life, int)
    assert 5 < life <= 15


def test_a_lock_that_ran_out_and_was_taken_by_another_is_left_to_it(
    turns: TurnLock, store: redis.Redis
) -> None:
    with turns.hold("ussd-a", 1.0):
        store.set("turn:ussd-a", b"another")

    assert b"another" == store.get("turn:ussd-a")


def test_a_store_that_is_down_says_so_and_locks_nobody_out_once_it_is_back(
    tmp_path: Path,
) -> None:
    server = RedisServer(tmp_path)
    with server:
        client = server.client()
        turns = TurnLock(client)
        server.stop()
        with pytest.raises(redis.RedisError):
            turns.hold("ussd-a", 0.5).__enter__()
        with server:
            wait_until(lambda: is_free(turns, "ussd-a"))
            client.close()


def test_a_lock_taken_while_the_store_stalled_is_let_go_when_it_goes_on(
    redis_server: RedisServer, store: redis.Redis
) -> None:
    turns = TurnLock(store)
    store.client_pause(2500)
    with pytest.raises(redis.RedisError):
        turns.hold("ussd-a", 0.5).__enter__()

    wait_until(lambda: is_free(turns, "ussd-a"))


HOP = Entrusted("hop:ussd-a", b"what came", 600)


def test_what_is_entrusted_is_kept_while_it_is_held_and_ends_with_it(
    turns: TurnLock, store: redis.Redis
) -> None:
    with turns.hold("ussd-a", 1.0, ("one",), entrusted=HOP) as found:
        kept = cast(bytes, store.get(HOP.key))

    assert [None, None] == found
    assert HOP.value == kept[TOKEN_LETTERS:]
    assert not store.exists(HOP.key)


def test_what_another_left_is_read_and_stays(turns: TurnLock, store: redis.Redis) -> None:
    store.set(HOP.key, b"another's")

    with turns.hold("ussd-a", 1.0, entrusted=HOP) as found:
        pass

    assert [b"another's"] == found
    assert b"another's" == store.get(HOP.key)


@pytest.mark.parametrize("is_promised", [True, False])
def test_what_was_promised_outlives_a_turn_that_fails(
    turns: TurnLock, store: redis.Redis, is_promised: bool
) -> None:
    with pytest.raises(ZeroDivisionError), turns.hold("ussd-a", 1.0, entrusted=HOP):
        if is_promised:
            promise()
        raise ZeroDivisionError

    assert is_promised == bool(store.exists(HOP.key))
    assert is_free(turns, "ussd-a")


def test_a_turn_that_waits_for_another_leaves_what_that_was_entrusted_with(
    turns: TurnLock, store: redis.Redis
) -> None:
    with turns.hold("ussd-a", 1.0, entrusted=HOP):
        own = cast(bytes, store.get(HOP.key))
        with pytest.raises(ConversationBusy), turns.hold("ussd-a", 0.05, entrusted=HOP):
            pass

        assert own == store.get(HOP.key)
