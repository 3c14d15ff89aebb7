"""Language, region and kind of place of what is handed in, and what figures are counted by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    for name in ("language", "region", "area"):
        kept = sa.Column(name, sa.String(length=8), nullable=False, server_default="")
        op.add_column("submissions", kept)
    for table in ("submissions", "handovers", "outbox"):
        op.create_index(f"ix_{table}_created", table, ["created"])
