"""What citizens ask for about their data, and the files made to be handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("number_key", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("proof", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("due", moment, nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("settled_by", sa.String(length=64), nullable=False),
        sa.Column("settled", moment, nullable=True),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_requests")),
        sqlite_autoincrement=True,
    )
    for column in ("person_key", "number_key", "due"):
        op.create_index(op.f(f"ix_rights_requests_{column}"), "rights_requests", [column])
    op.create_table(
        "export_files",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("ends", moment, nullable=False),
        sa.Column("taken", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_files")),
    )
    for column in ("number_key", "ends"):
        op.create_index(op.f(f"ix_export_files_{column}"), "export_files", [column])
    op.create_table(
        "export_pieces",
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["export_files.id"],
            name=op.f("fk_export_pieces_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_export_pieces")),
    )
