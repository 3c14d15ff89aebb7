"""Files that citizens send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "media",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("number_key", sa.String(length=64), nullable=False),
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("leased_until", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled", moment, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("person_key", "number_key", "draft_id"):
        op.create_index(f"ix_media_{name}", "media", [name])
    waiting = sa.text("state in ('wanted', 'kept')")
    op.create_index(
        "ix_media_due",
        "media",
        ["not_before", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
