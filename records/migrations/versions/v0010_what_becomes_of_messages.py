"""What becomes of messages: their status, their cause, what is unsure of them; numbers blocked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_MOMENT = sa.DateTime(timezone=True)
_WAITING = sa.text("state IN ('queued', 'answered')")
_FOLLOWED = sa.text("state IN ('answered', 'sent')")
_CAUSED = sa.text("cause <> ''")


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    _widen_outbox()
    op.add_column(
        "numbers", sa.Column("unreachable_on", sa.String(32), nullable=False, server_default="")
    )
    op.create_table(
        "blocks",
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("blocked_by", sa.String(80), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number_key", name="pk_blocks"),
    )


def _widen_outbox() -> None:
    for name, kind, default in (
        ("status", sa.String(16), ""),
        ("purpose", sa.String(16), "answer"),
        ("cause", sa.String(80), ""),
        ("segments", sa.Integer(), "0"),
        ("refusals", sa.Integer(), "0"),
    ):
        op.add_column("outbox", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("outbox", sa.Column("unsure_since", _MOMENT, nullable=True))
    # What was sent until now was never followed, and its content is gone.
    op.execute("UPDATE outbox SET state = 'done' WHERE state = 'sent'")
    op.drop_index("ix_outbox_heads", "outbox")
    _index("line", ["recipient_key", "channel", "sequence"], _WAITING)
    _index("followed", ["not_before", "id"], _FOLLOWED)
    _index("cause", ["recipient_key", "cause"], _CAUSED, unique=True)
    op.create_index("ix_outbox_provider_id", "outbox", ["provider_id"])


def _index(name: str, columns: list[str], where: sa.TextClause, unique: bool = False) -> None:
    op.create_index(
        f"ix_outbox_{name}",
        "outbox",
        columns,
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )
