"""What the migrations promise."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from records.database import Database
from records.migrate import upgrade
from records.tables import Table
from tests.contract.records.conftest import run_in_processes


def test_the_migrations_add_up_to_the_tables(database: Database) -> None:
    with database.reading() as session:
        differences = compare_metadata(
            MigrationContext.configure(session.connection()), Table.metadata
        )

    assert [] == differences


def test_a_database_that_is_up_to_date_is_left_alone(empty_url: str) -> None:
    first, second = upgrade(empty_url), upgrade(empty_url)

    assert first
    assert not second


def test_of_processes_that_migrate_at_once_one_does_it_and_all_succeed(
    empty_url: str,
) -> None:
    program = "import sys; from records.migrate import upgrade; print(upgrade(sys.argv[1]))"

    printed = run_in_processes(3, program, empty_url)

    assert ["False\n", "False\n", "True\n"] == sorted(printed)
