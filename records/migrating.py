"""What the migrations of records and transcripts share: bringing a database up to a chain's head.

Any number of processes may do so at once: one works, the others wait and find it done. Alembic is
set up here in code, so there is no alembic.ini.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.orm import Session

from core.errors import ServiceError
from records.database import open_database, queue_up
from records.table import UtcDateTime

_WAIT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps of one set of tables: their folder, and the table that says how far they came.

    One database may hold several chains, each with a version table of its own. `url` reads the
    settings and returns the address.
    """

    name: str
    folder: Path
    version_table: str
    url: Callable[[], str]


def upgrade_chain(chain: Chain, url: str) -> bool:
    """Bring the database at `url` to the newest revision; False where it was there already.

    Either all outstanding steps are taken or none. Raises SettingsFaulty or StoreUnavailable.
    """
    config = _configure(chain)
    head = ScriptDirectory.from_config(config).get_current_head()
    # An index over millions of rows takes as long as it takes.
    database = open_database(url, wait_seconds=_WAIT_SECONDS, statement_seconds=0)
    try:
        with database.reading() as session:
            if _revision(session, chain) == head:
                return False
        with database.session() as session:
            queue_up(session, "migrations")
            # Another process may have been first.
            if _revision(session, chain) == head:
                return False
            config.attributes["connection"] = session.connection()
            command.upgrade(config, "head")
            return True
    finally:
        database.close()


def knows(chain: Chain, revision: str) -> bool:
    """Whether a step of that name is one of this version's; a later version has more."""
    try:
        return ScriptDirectory.from_config(_configure(chain)).get_revision(revision) is not None
    except CommandError:
        return False


def run_steps(chain: Chain, metadata: sa.MetaData) -> None:
    """Take the steps as Alembic asks: in the caller's transaction, or, for a draft, in another."""
    given: sa.Connection | None = context.config.attributes.get("connection")
    if given is not None:
        _run(given, chain, metadata)
        return
    with open_database(chain.url()).session() as session:
        _run(session.connection(), chain, metadata)


def migrate(chain: Chain, arguments: Sequence[str] | None, about: str | None) -> int:
    """The command of a chain: 0 where the database is up to date at the end, else 1."""
    parser = argparse.ArgumentParser(prog=f"python -m {chain.name}.migrate", description=about)
    parser.add_argument("--draft", metavar="MESSAGE", help="write the next migration instead")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.draft:
            command.revision(_configure(chain), chosen.draft, autogenerate=True)
            return 0
        changed = upgrade_chain(chain, chain.url())
    except ServiceError as failure:
        print(failure, failure.__cause__ or "", file=sys.stderr)
        return 1
    print(f"{chain.name}: migrated" if changed else f"{chain.name}: up to date")
    return 0


def _run(connection: sa.Connection, chain: Chain, metadata: sa.MetaData) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,
        render_item=_render,
        version_table=chain.version_table,
    )
    with context.begin_transaction():
        context.run_migrations()


def _render(kind: str, item: Any, _: object) -> str | Literal[False]:
    # A released step must not change with our types, so it names the database's own.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _revision(session: Session, chain: Chain) -> str | None:
    options = {"version_table": chain.version_table}
    return MigrationContext.configure(session.connection(), opts=options).get_current_revision()


def _configure(chain: Chain) -> Config:
    config = Config()
    config.set_main_option("script_location", str(chain.folder))
    # A leading letter makes the file a module that the type checker can name.
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    return config
