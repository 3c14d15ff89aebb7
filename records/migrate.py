"""Bringing a records database up to date: `python -m records.migrate`.

`--draft "what changes"` writes the next step from the difference between the tables and the
database.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.environment import read_settings
from records.migrating import Chain, migrate, upgrade_chain
from records.settings import RecordsSettings

RECORDS: Final = Chain(
    "records",
    Path(__file__).parent / "migrations",
    "alembic_version",
    lambda: read_settings(RecordsSettings).records_url,
)


def upgrade(url: str) -> bool:
    """Bring the records at `url` to the newest revision; False where they were there already."""
    return upgrade_chain(RECORDS, url)


def main(arguments: Sequence[str] | None = None) -> int:
    """Migrate the database of the settings."""
    return migrate(RECORDS, arguments, __doc__)


if __name__ == "__main__":
    raise SystemExit(main())
