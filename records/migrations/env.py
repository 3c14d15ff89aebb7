"""What Alembic runs for the records."""

from __future__ import annotations

from records.migrate import RECORDS
from records.migrating import run_steps
from records.tables import Table

run_steps(RECORDS, Table.metadata)
