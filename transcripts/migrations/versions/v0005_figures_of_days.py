"""Figures of whole days, which pages read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SUMMED = """
    INSERT INTO day_figures (measure, day, kind, language, name, detail, count, amount)
    SELECT measure, day, kind, language, name, detail, SUM(count), SUM(amount) FROM figures
    GROUP BY measure, day, kind, language, name, detail
"""


def upgrade() -> None:
    """Take the step; there is no way back, because nothing recorded is to be lost."""
    op.create_table(
        "day_figures",
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint(
            "measure", "day", "kind", "language", "name", "detail", name=op.f("pk_day_figures")
        ),
    )
    op.execute(_SUMMED)
