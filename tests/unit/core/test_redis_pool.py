"""A connection to Redis is used again while it is sound, by the process that made it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import redis

from core import redis_pool
from core.redis_pool import QuietPool
from core.stores import ask, open_redis
from tests.redis_server import RedisServer


@pytest.fixture
def client(redis_server: RedisServer) -> Iterator[redis.Redis]:
    client = open_redis(redis_server.url)
    yield client
    client.close()


def identity(client: redis.Redis) -> int:
    """The server's name of the connection that is taken next."""
    return int(str(client.client_id()))


def test_one_connection_serves_call_after_call(client: redis.Redis) -> None:
    assert isinstance(client.connection_pool, QuietPool)
    assert 1 == len({identity(client) for _ in range(3)})


def test_two_calls_at_once_have_a_connection_each(client: redis.Redis) -> None:
    pool = client.connection_pool
    first, second = pool.get_connection(), pool.get_connection()
    pool.release(first)
    pool.release(second)
    again = pool.get_connection()

    assert first is not second
    assert again is second
    pool.release(again)


def test_what_is_given_back_twice_is_handed_out_once(client: redis.Redis) -> None:
    pool = client.connection_pool
    connection = pool.get_connection()
    pool.release(connection)
    pool.release(connection)

    assert pool.get_connection() is not pool.get_connection()


def test_a_connection_that_was_lost_is_replaced_before_it_is_used(
    client: redis.Redis, redis_server: RedisServer
) -> None:
    lost = identity(client)
    other = redis_server.client()
    other.client_kill_filter(_id=str(lost))
    other.close()

    assert lost != identity(client)


def test_one_that_has_rested_is_looked_at_again_before_it_is_used(
    client: redis.Redis, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    [lost] = ask(client, ("CLIENT", "ID"))
    monkeypatch.setattr(redis_pool, "_SOUND_SECONDS", 0.0)
    other = redis_server.client()
    other.client_kill_filter(_id=str(lost))
    other.close()
    connection = client.connection_pool.get_connection()
    connection.send_command("CLIENT", "ID")  # type: ignore[no-untyped-call]

    assert lost != connection.read_response()
    client.connection_pool.release(connection)


def test_what_another_answer_left_in_a_connection_is_read_by_nobody(client: redis.Redis) -> None:
    ask(client, ("SET", "name", "value"))
    pool = client.connection_pool
    connection = pool.get_connection()
    connection.send_command("GET", "other")  # type: ignore[no-untyped-call]
    while not connection.can_read(1.0):
        pass
    pool.release(connection)

    assert [b"value"] == ask(client, ("GET", "name"))


def test_a_process_that_was_forked_has_connections_of_its_own(client: redis.Redis) -> None:
    own = identity(client)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, str(identity(client)).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert own != int(os.read(reading, 100))
    assert own == identity(client)
