"""What citizens begin to fill in, and what they hand in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner_key", sa.String(64), nullable=False),
        sa.Column("procedure", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("touched", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("owner_key", "procedure", name="uq_drafts_owner_key_procedure"),
    )
    op.create_index("ix_drafts_touched", "drafts", ["touched"])
    op.create_table(
        "submissions",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(32), nullable=False),
        sa.Column("person_key", sa.String(64), nullable=False),
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("programme", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("registry_reference", sa.String(64), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("leased_until", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled", _MOMENT, nullable=True),
        sa.Column("last_error", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.UniqueConstraint("idempotency_key", name="uq_submissions_idempotency_key"),
        sa.UniqueConstraint("reference", name="uq_submissions_reference"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_submissions_person_key", "submissions", ["person_key"])
    op.create_index("ix_submissions_number_key", "submissions", ["number_key"])
    op.create_index(
        "ix_submissions_due",
        "submissions",
        ["not_before", "id"],
        sqlite_where=_QUEUED,
        postgresql_where=_QUEUED,
    )
