"""Requests for a person, and the random names under which the audit knows people and numbers.

Rows that stand in the audit before this step keep the keyed hashes they were written with: the
chain is never rewritten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("state in ('waiting', 'claimed')")
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    op.create_table(
        "handovers",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(96), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("programme", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("claimed_by", sa.String(64), nullable=False),
        sa.Column("settled", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handovers_number_key", "handovers", ["number_key"])
    op.create_index(
        "ix_handovers_open",
        "handovers",
        ["conversation"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "ix_handovers_waiting",
        "handovers",
        ["id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_table(
        "audit_subjects",
        sa.Column("pseudonym", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("pseudonym", name="pk_audit_subjects"),
        sa.UniqueConstraint("subject", name="uq_audit_subjects_subject"),
    )
