"""Webhooks: who listens, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", number, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("events", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made", moment, nullable=False),
        sa.Column("gathered", moment, nullable=False),
        sa.Column("closed", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", number, nullable=False),
        sa.Column("endpoint_id", number, nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("leased_until", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=64), nullable=False),
        sa.Column("settled", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "endpoint_id", "key", name=op.f("uq_webhook_deliveries_endpoint_id_key")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_webhook_deliveries_created"), "webhook_deliveries", ["created"])
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["not_before", "id"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    dead = sa.text("state = 'dead'")
    op.create_index(
        "ix_outbox_dead", "outbox", ["settled"], sqlite_where=dead, postgresql_where=dead
    )
