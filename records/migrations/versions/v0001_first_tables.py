"""The first tables: numbers, consents, outbox, audit; and the audit closed to change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_QUEUED = sa.text("state = 'queued'")

# REPLACE takes a row's place without firing the delete trigger, hence the third one.
_SQLITE = (
    """CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_keeps_places BEFORE INSERT ON audit
       WHEN EXISTS (SELECT 1 FROM audit
                    WHERE number >= NEW.number OR previous_hash = NEW.previous_hash)
       BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql
       AS $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
    """CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit
       FOR EACH ROW EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON audit
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()""",
)


def upgrade() -> None:
    """Take the step; there is no way back, because records are not to be lost."""
    _create_people()
    _create_outbox()
    _create_audit()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in _SQLITE if on_sqlite else _POSTGRESQL:
        op.execute(trigger)


def _create_people() -> None:
    op.create_table(
        "numbers",
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("script", sa.String(8), nullable=False),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.Column("last_seen", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number_key", name="pk_numbers"),
    )
    op.create_index("ix_numbers_last_seen", "numbers", ["last_seen"])
    op.create_table(
        "consents",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("text_version", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["number_key"], ["numbers.number_key"], name="fk_consents_number_key"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_number_key", "consents", ["number_key"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("recipient_key", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("leased_until", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled", _MOMENT, nullable=True),
        sa.Column("provider_id", sa.String(255), nullable=False),
        sa.Column("last_error", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("recipient_key", "sequence", name="uq_outbox_recipient_key_sequence"),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("ix_outbox_heads", ["recipient_key", "sequence"]),
        ("ix_outbox_due", ["not_before", "id"]),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=_QUEUED, postgresql_where=_QUEUED)


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", _ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("person_key", sa.String(64), nullable=False),
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        sa.UniqueConstraint("previous_hash", name="uq_audit_previous_hash"),
    )
    op.create_index("ix_audit_person_key", "audit", ["person_key"])
    op.create_index("ix_audit_number_key", "audit", ["number_key"])
