"""Nobody waits long for the records: neither for a lock nor for a server that was started again."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
import sqlalchemy as sa

from core.errors import StoreUnavailable
from records.database import open_database
from records.migrate import upgrade
from records.people import Numbers
from tests.builders import NOW
from tests.servers.postgres_server import PostgresServer, needs_postgres

KEY = "a" * 32


@needs_postgres
def test_a_lock_is_waited_for_no_longer_than_asked(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    database = open_database(url, wait_seconds=1)
    with database.session() as session:
        session.execute(sa.text("CREATE TABLE held (name text)"))
    schema = url.rpartition("%3D")[2]
    with (
        postgres.locked(f"{schema}.held"),
        pytest.raises(StoreUnavailable),
        database.reading() as reading,
    ):
        reading.execute(sa.text("SELECT * FROM held"))
    with database.reading() as reading:
        rows = reading.execute(sa.text("SELECT * FROM held")).all()
    database.close()

    assert [] == rows


@needs_postgres
@pytest.mark.parametrize("seconds", [0, 0.2])
def test_a_statement_ends_in_time_where_it_must(postgres: PostgresServer, seconds: float) -> None:
    database = open_database(postgres.new_database(), statement_seconds=seconds)
    ends = pytest.raises(StoreUnavailable) if seconds else nullcontext()
    with ends, database.reading() as reading:
        reading.execute(sa.text("SELECT pg_sleep(0.5)"))
    database.close()


@needs_postgres
def test_a_pool_is_whole_again_after_the_server_was() -> None:
    with PostgresServer() as server:
        url = server.new_database()
        upgrade(url)
        database = open_database(url)
        numbers = Numbers(database, clock=lambda: NOW)
        numbers.choose_language(KEY, "fr")
        for end in (PostgresServer.stop, PostgresServer.kill):
            end(server)
            with pytest.raises(StoreUnavailable):
                numbers.choose_language(KEY, "ar")
            server.start()

            found = numbers.find(KEY)

            assert found is not None
            assert "fr" == found.language
        database.close()
