"""Emergency programmes, who was invited to them, and the region and commune of who may be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_WAITING = sa.text("outcome = ''")


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    op.add_column("followers", sa.Column("region", sa.String(8), nullable=False, server_default=""))
    op.add_column(
        "followers", sa.Column("commune", sa.String(64), nullable=False, server_default="")
    )
    op.add_column("followers", sa.Column("home_noted", _MOMENT, nullable=True))
    op.create_index("ix_followers_home", "followers", ["region", "commune"])
    op.create_table(
        "emergencies",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("starts", _MOMENT, nullable=False),
        sa.Column("ends", _MOMENT, nullable=False),
        sa.Column("rate_per_minute", sa.Integer(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("proposed_by", sa.String(80), nullable=False),
        sa.Column("proposed", _MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(80), nullable=False),
        sa.Column("approved", _MOMENT, nullable=True),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_emergencies"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("emergency", sa.String(64), nullable=False),
        sa.Column("person_key", sa.String(64), nullable=False),
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("reached", _MOMENT, nullable=True),
        sa.Column("answered", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["emergency"], ["emergencies.key"], name="fk_invitations_emergency"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("emergency", "person_key", name="uq_invitations_emergency_person_key"),
        sa.UniqueConstraint("emergency", "number_key", name="uq_invitations_emergency_number_key"),
    )
    op.create_index("ix_invitations_person_key", "invitations", ["person_key"])
    op.create_index("ix_invitations_number_key", "invitations", ["number_key"])
    op.create_index("ix_invitations_emergency_created", "invitations", ["emergency", "created"])
    op.create_index(
        "ix_invitations_waiting",
        "invitations",
        ["emergency", "id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
