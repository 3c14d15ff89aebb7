"""Bringing a transcripts database up to date: `python -m transcripts.migrate`.

`--draft "what changes"` writes the next step from the difference between the tables and the
database.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.environment import read_settings
from records.migrating import Chain, migrate, upgrade_chain
from transcripts.settings import TranscriptsSettings

TRANSCRIPTS: Final = Chain(
    "transcripts",
    Path(__file__).parent / "migrations",
    "transcripts_version",
    lambda: read_settings(TranscriptsSettings).transcripts_url,
)


def upgrade(url: str) -> bool:
    """Bring the transcripts at `url` to the newest revision; False where they had it already."""
    return upgrade_chain(TRANSCRIPTS, url)


def main(arguments: Sequence[str] | None = None) -> int:
    """Migrate the database of the settings."""
    return migrate(TRANSCRIPTS, arguments, __doc__)


if __name__ == "__main__":
    raise SystemExit(main())
