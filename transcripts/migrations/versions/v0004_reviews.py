"""What is to be reviewed, what staff corrected, and what was exported to train with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_SQLITE = (
    """CREATE TRIGGER corrections_keep_rows BEFORE DELETE ON corrections
       BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END""",
    """CREATE TRIGGER corrections_keep_words BEFORE UPDATE ON corrections
       BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION corrections_refuse() RETURNS trigger LANGUAGE plpgsql
       AS $$ BEGIN RAISE EXCEPTION 'corrections are append-only'; END $$""",
    """CREATE TRIGGER corrections_keep_rows BEFORE UPDATE OR DELETE ON corrections
       FOR EACH ROW EXECUTE FUNCTION corrections_refuse()""",
    """CREATE TRIGGER corrections_keep_all BEFORE TRUNCATE ON corrections
       FOR EACH STATEMENT EXECUTE FUNCTION corrections_refuse()""",
)


def upgrade() -> None:
    """Take the step; there is no way back, because nothing recorded is to be lost."""
    _create_reviews()
    _create_batches()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in _SQLITE if on_sqlite else _POSTGRESQL:
        op.execute(trigger)


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("turn_key", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("variety", sa.String(length=12), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("entities", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("doubt", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("settled", _MOMENT, nullable=True),
        sa.Column("settled_intent", sa.String(length=64), nullable=False),
        sa.Column("settled_marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("mark", name=op.f("uq_reviews_mark")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reviews_conversation_id"), "reviews", ["conversation_id"])
    op.create_index(op.f("ix_reviews_at"), "reviews", ["at"])
    op.create_index("ix_reviews_state", "reviews", ["state", "variety", "doubt"])
    op.create_table(
        "corrections",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("variety", sa.String(length=12), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_corrections_review_id"), "corrections", ["review_id"])
    op.create_table(
        "gathered",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("turn_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathered")),
    )


def _create_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked", _MOMENT, nullable=False),
        sa.Column("begun", _MOMENT, nullable=True),
        sa.Column("measured", _MOMENT, nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "batch_lines",
        sa.Column("batch_id", _NUMBER, nullable=False),
        sa.Column("review_id", _NUMBER, nullable=False),
        sa.Column("fault", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_lines_batch_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_batch_lines_review_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "review_id", name=op.f("pk_batch_lines")),
    )
