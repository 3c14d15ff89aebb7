"""Checks of the audit's chain, what each night forgot, and the audit found by event and day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    moment, number = sa.DateTime(timezone=True), sa.BigInteger()
    op.create_table(
        "audit_checks",
        sa.Column("id", number.with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("rows", number, nullable=False),
        sa.Column("broken_at", number, nullable=True),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checks")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "nights",
        sa.Column("id", number.with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nights")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_nights_at"), "nights", ["at"])
    op.create_index("ix_audit_event_number", "audit", ["event", "number"])
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
