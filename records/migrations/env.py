"""What Alembic runs: the steps in the caller's transaction, or in one of its own for a draft."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from core.environment import read_settings
from records.database import open_database
from records.settings import RecordsSettings
from records.tables import Table, UtcDateTime


def _render(kind: str, item: Any, _: object) -> str | Literal[False]:
    # A released step must not change with our types, so it names the database's own.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        transactional_ddl=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


given: sa.Connection | None = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with open_database(read_settings(RecordsSettings).records_url).session() as session:
        _run(session.connection())
