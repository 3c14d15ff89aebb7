"""Whom to tell of changes, where, and what waits to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    op.create_index("ix_submissions_registry_reference", "submissions", ["registry_reference"])
    op.create_table(
        "addresses",
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("heard", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number_key", name="pk_addresses"),
    )
    op.create_table(
        "followers",
        sa.Column("person_key", sa.String(64), nullable=False),
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(8), nullable=False),
        sa.Column("subscription", sa.String(128), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("used", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_key", "number_key", name="pk_followers"),
    )
    op.create_index("ix_followers_number_key", "followers", ["number_key"])
    op.create_table(
        "notices",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("event_key", sa.String(64), nullable=False),
        sa.Column("person_key", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("leased_until", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("event_key", "person_key", name="uq_notices_event_key_person_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_person_key", "notices", ["person_key"])
    op.create_index(
        "ix_notices_due",
        "notices",
        ["not_before", "id"],
        sqlite_where=_QUEUED,
        postgresql_where=_QUEUED,
    )
