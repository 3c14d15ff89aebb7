"""On which number a draft was begun by somebody who is not verified, so that it can be erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    column = sa.Column("number_key", sa.String(64), nullable=False, server_default="")
    op.add_column("drafts", column)
    op.create_index("ix_drafts_number_key", "drafts", ["number_key"])
