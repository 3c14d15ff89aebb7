"""The servers that tests start keep what they were given, over a stop and over a killing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers.postgres_server import PostgresServer, needs_postgres
from tests.servers.process import ServerProcess
from tests.servers.redis_server import StandAloneRedis, needs_redis
from tests.servers.stores import PASSWORD

END = [
    pytest.param(ServerProcess.stop, id="stopped"),
    pytest.param(ServerProcess.kill, id="killed"),
]


@needs_redis
@pytest.mark.parametrize("end", END)
def test_a_redis_keeps_what_it_confirmed(
    tmp_path: Path, end: Callable[[ServerProcess], None]
) -> None:
    with StandAloneRedis(tmp_path, password=PASSWORD) as server:
        server.client(1).set("name", "Fatima")
        end(server)
        with pytest.raises(redis.ConnectionError):
            server.client(1).ping()
        server.start()

        assert b"Fatima" == server.client(1).get("name")
        assert server.version()[0].isdecimal()


@needs_redis
def test_a_stalled_redis_takes_connections_and_answers_nothing(tmp_path: Path) -> None:
    with StandAloneRedis(tmp_path) as server:
        client = redis.Redis.from_url(server.url(), socket_timeout=0.2)
        with server.stalled(), pytest.raises(redis.TimeoutError):
            client.ping()

        assert client.ping()


@needs_postgres
def test_a_postgresql_keeps_what_it_confirmed_however_it_ends() -> None:
    with PostgresServer() as server:
        with server.connect() as connection:
            connection.execute("CREATE TABLE people (name text)")
        for name, end in (("Fatima", PostgresServer.stop), ("Hassan", PostgresServer.kill)):
            with server.connect() as connection:
                connection.execute("INSERT INTO people VALUES (%s)", (name,))
            end(server)
            with pytest.raises(psycopg.OperationalError):
                server.connect()
            server.start()
        with server.connect() as connection:
            kept = connection.execute("SELECT name FROM people ORDER BY name").fetchall()

        assert [("Fatima",), ("Hassan",)] == kept
        assert server.version()[0].isdecimal()
