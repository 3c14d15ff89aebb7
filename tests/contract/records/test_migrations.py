"""What the migrations promise."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from records.database import Database
from records.migrate import upgrade
from records.tables import Table
from tests.contract.records.conftest import InProcesses


def test_the_migrations_add_up_to_the_tables(database: Database) -> None:
    with database.reading() as session:
        differences = compare_metadata(
            MigrationContext.configure(session.connection()), Table.metadata
        )

    assert [] == differences


def test_a_database_that_is_up_to_date_is_left_alone(url: str) -> None:
    first, second = upgrade(url), upgrade(url)

    assert first
    assert not second


def test_of_processes_that_migrate_at_once_one_does_it_and_all_succeed(
    in_processes: InProcesses,
) -> None:
    program = "import sys; from records.migrate import upgrade; print(upgrade(sys.argv[1]))"

    printed = in_processes(3, program)

    assert ["False\n", "False\n", "True\n"] == sorted(printed)
