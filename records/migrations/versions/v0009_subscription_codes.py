"""Room for as many codes of a subscription as a registry may give."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    with op.batch_alter_table("followers") as followers:
        followers.alter_column(
            "subscription",
            existing_type=sa.String(128),
            type_=sa.String(512),
            existing_nullable=False,
        )
