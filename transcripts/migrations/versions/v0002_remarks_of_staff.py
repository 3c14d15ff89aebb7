"""Labels, notes and saved views of staff, and the indexes that conversations are listed by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Take the step; there is no way back, because nothing recorded is to be lost."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "labels",
        sa.Column("conversation_id", number, nullable=False),
        sa.Column("label", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_labels_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "label", name=op.f("pk_labels")),
    )
    op.create_index(op.f("ix_labels_label"), "labels", ["label"], unique=False)
    op.create_table(
        "remarks",
        sa.Column("id", number, nullable=False),
        sa.Column("conversation_id", number, nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_remarks_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_remarks_conversation_id"), "remarks", ["conversation_id"], unique=False
    )
    op.create_table(
        "views",
        sa.Column("id", number, nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
        sa.UniqueConstraint("staff", "name", name=op.f("uq_views_staff_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_views_staff"), "views", ["staff"], unique=False)
    for column in ("intent", "programme"):
        op.create_index(
            f"ix_conversations_{column}_last_at_id", "conversations", [column, "last_at", "id"]
        )
    for column in ("fallbacks", "errors", "undelivered"):
        some = sa.text(f"{column} > 0")
        op.create_index(
            f"ix_conversations_{column}",
            "conversations",
            ["last_at", "id"],
            sqlite_where=some,
            postgresql_where=some,
        )
