"""Bringing a records database up to date: `python -m records.migrate`.

Any number of processes may do so at once: one works, the others wait and find it done. Alembic is
set up here in code, so there is no alembic.ini; `--draft "what changes"` writes the next step from
the difference between the tables and the database.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from core.environment import read_settings
from core.errors import ServiceError
from records.database import open_database, queue_up
from records.settings import RecordsSettings

_FOLDER: Final = Path(__file__).parent / "migrations"
_WAIT_SECONDS: Final = 60


def upgrade(url: str) -> bool:
    """Bring the database at `url` to the newest revision; False where it was there already.

    Either all outstanding steps are taken or none. Raises SettingsFaulty or StoreUnavailable.
    """
    config = _configure()
    head = ScriptDirectory.from_config(config).get_current_head()
    database = open_database(url, wait_seconds=_WAIT_SECONDS)
    try:
        with database.reading() as session:
            if _revision(session) == head:
                return False
        with database.session() as session:
            queue_up(session, "migrations")
            # Another process may have been first.
            if _revision(session) == head:
                return False
            config.attributes["connection"] = session.connection()
            command.upgrade(config, "head")
            return True
    finally:
        database.close()


def _revision(session: Session) -> str | None:
    return MigrationContext.configure(session.connection()).get_current_revision()


def _configure() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    # A leading letter makes the file a module that the type checker can name.
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    return config


def main(arguments: Sequence[str] | None = None) -> int:
    """Migrate the database of the settings: 0 where it is up to date at the end, else 1."""
    parser = argparse.ArgumentParser(prog="python -m records.migrate", description=__doc__)
    parser.add_argument("--draft", metavar="MESSAGE", help="write the next migration instead")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.draft:
            command.revision(_configure(), chosen.draft, autogenerate=True)
            return 0
        changed = upgrade(read_settings(RecordsSettings).records_url)
    except ServiceError as failure:
        print(failure, failure.__cause__ or "", file=sys.stderr)
        return 1
    print("records: migrated" if changed else "records: up to date")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
