"""Figures by the hour, and which hours are to be counted anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# What was recorded before is counted too.
_RECORDED_BEFORE = {
    "sqlite": (
        "INSERT INTO stale_hours (hour, mark)"
        " SELECT DISTINCT strftime('%Y-%m-%d %H:00:00.000000', at), 0 FROM turns"
    ),
    "postgresql": (
        "INSERT INTO stale_hours (hour, mark) SELECT DISTINCT date_trunc('hour', at), 0 FROM turns"
    ),
}


def upgrade() -> None:
    """Take the step; there is no way back, because nothing recorded is to be lost."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "figures",
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("hour", moment, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint(
            "measure", "hour", "kind", "language", "name", "detail", name=op.f("pk_figures")
        ),
    )
    op.create_index("ix_figures_measure_day", "figures", ["measure", "day"])
    op.create_table(
        "stale_hours",
        sa.Column("hour", moment, nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_stale_hours")),
    )
    op.execute(_RECORDED_BEFORE[op.get_bind().dialect.name])
