"""Opening the database: how SQLite is set up, and what a failure of SQL looks like outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import SettingsFaulty, StoreUnavailable
from records.database import Database, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/records.db", wait_seconds=0)
    with database.session() as session:
        session.execute(sa.text("CREATE TABLE notes (text TEXT)"))
    yield database
    database.close()


def _notes(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.text("SELECT text FROM notes")))


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 2000)]
)
def test_sqlite_is_set_up_for_several_processes(tmp_path: Path, pragma: str, value: object) -> None:
    database = open_database(f"sqlite:///{tmp_path}/records.db")
    with database.reading() as session:
        found = session.scalar(sa.text(f"PRAGMA {pragma}"))
    database.close()

    assert value == found


def test_a_session_that_ends_well_is_kept(database: Database) -> None:
    with database.session() as session:
        session.execute(sa.text("INSERT INTO notes VALUES ('kept')"))

    assert ["kept"] == _notes(database)


def test_a_session_that_ends_with_an_exception_leaves_nothing(database: Database) -> None:
    with pytest.raises(LookupError), database.session() as session:
        session.execute(sa.text("INSERT INTO notes VALUES ('lost')"))
        raise LookupError

    assert [] == _notes(database)


def test_a_second_writer_is_told_that_the_store_is_unavailable(database: Database) -> None:
    with database.session() as first:
        first.connection()
        with pytest.raises(StoreUnavailable), database.session() as second:
            second.connection()


def test_a_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    with database.session() as session:
        session.execute(sa.text("INSERT INTO notes VALUES ('later')"))
        meanwhile = _notes(database)

    assert [] == meanwhile


def test_a_server_that_does_not_answer_is_an_unavailable_store() -> None:
    database = open_database("postgresql+psycopg://records@127.0.0.1:1/records")
    with pytest.raises(StoreUnavailable), database.reading() as session:
        session.connection()


def test_a_failure_does_not_tell_the_values(database: Database) -> None:
    with pytest.raises(StoreUnavailable) as failure, database.session() as session:
        session.execute(sa.text("INSERT INTO absent VALUES (:text)"), {"text": "5839204719"})

    assert "absent" in str(failure.value.__cause__)
    assert "5839204719" not in str(failure.value.__cause__)


@pytest.mark.parametrize(
    "url", ["", "records.db", "oracle9://u:secret@h/d", "sqlite://", "postgresql+x://u:secret@h/d"]
)
def test_a_url_that_cannot_be_used_is_a_faulty_setting_and_is_not_repeated(url: str) -> None:
    with pytest.raises(SettingsFaulty) as faulty:
        open_database(url)

    assert "TWIZA_RECORDS_URL" in str(faulty.value)
    assert "secret" not in str(faulty.value)
