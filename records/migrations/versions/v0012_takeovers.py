"""What became of a request for a person, and the replies that staff keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    moment = sa.DateTime(timezone=True)
    for name in ("claimed", "answered"):
        op.add_column("handovers", sa.Column(name, moment, nullable=True))
    note = sa.Column("note", sa.Text(), nullable=False, server_default="")
    op.add_column("handovers", note)
    rating = sa.Column("rating", sa.String(length=1), nullable=False, server_default="")
    op.add_column("handovers", rating)
    op.create_table(
        "replies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("language", "name", name=op.f("uq_replies_language_name")),
        sqlite_autoincrement=True,
    )
