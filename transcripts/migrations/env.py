"""What Alembic runs for the transcripts."""

from __future__ import annotations

from records.migrating import run_steps
from transcripts.migrate import TRANSCRIPTS
from transcripts.tables import Table

run_steps(TRANSCRIPTS, Table.metadata)
