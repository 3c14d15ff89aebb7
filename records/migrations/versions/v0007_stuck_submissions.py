"""When what was handed in was last tried, and how often it failed by its own fault."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    moment = sa.DateTime(timezone=True)
    op.add_column("submissions", sa.Column("tried", moment, nullable=True))
    count = sa.Column("own_failures", sa.Integer(), nullable=False, server_default="0")
    op.add_column("submissions", count)
    op.create_index("ix_submissions_settled", "submissions", ["state", "settled"])
