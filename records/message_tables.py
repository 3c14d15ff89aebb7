"""The tables of what goes out to citizens, and of the numbers that nothing goes out to."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import QUEUED, Key, RowNumber, Table

ANSWERED: Final = sa.literal("answered", literal_execute=True)
HELD: Final = sa.literal("held", literal_execute=True)
SENT: Final = sa.literal("sent", literal_execute=True)
DONE: Final = sa.literal("done", literal_execute=True)
DEAD: Final = sa.literal("dead", literal_execute=True)
_QUEUED_ONLY: Final = sa.text("state = 'queued'")
_WAITING: Final = sa.text("state IN ('queued', 'answered')")
_FOLLOWED: Final = sa.text("state IN ('answered', 'sent')")


class OutboxMessage(Table):
    """A message to a citizen on its way, sealed, or the trace of one that was.

    `state` is queued; answered: a webhook's answer carried it, and the provider has not confirmed
    it yet; held: it waits until the citizen writes; sent: the provider took it; done: nothing more
    will be heard of it; dead: nobody sends it any more. Only what is queued or answered holds back
    the later ones of its recipient on its channel. `status` is the provider's own (statuses.py).

    `cause` names what it answers, so that this is answered once. `unsure_since` is when a try began
    whose end nobody knows. `refusals` counts what the provider said no to, `attempts` every lease.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    recipient_key: Mapped[str] = mapped_column(Key)
    sequence: Mapped[int]
    channel: Mapped[str] = mapped_column(sa.String(32))
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    state: Mapped[str] = mapped_column(sa.String(8), default="queued")
    created: Mapped[datetime]
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    settled: Mapped[datetime | None]
    provider_id: Mapped[str] = mapped_column(sa.String(255), default="", index=True)
    last_error: Mapped[str] = mapped_column(sa.String(64), default="")
    status: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    purpose: Mapped[str] = mapped_column(sa.String(16), default="answer", server_default="answer")
    cause: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    segments: Mapped[int] = mapped_column(default=0, server_default="0")
    refusals: Mapped[int] = mapped_column(default=0, server_default="0")
    unsure_since: Mapped[datetime | None]

    # The partial indexes hold only what waits, so that a long past slows nothing down.
    __table_args__ = (
        sa.UniqueConstraint("recipient_key", "sequence"),
        sa.Index("ix_outbox_created", "created"),
        sa.Index(
            "ix_outbox_line",
            *("recipient_key", "channel", "sequence"),
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        sa.Index(
            "ix_outbox_due",
            *("not_before", "id"),
            sqlite_where=_QUEUED_ONLY,
            postgresql_where=_QUEUED_ONLY,
        ),
        sa.Index(
            "ix_outbox_followed",
            *("not_before", "id"),
            sqlite_where=_FOLLOWED,
            postgresql_where=_FOLLOWED,
        ),
        sa.Index(
            "ix_outbox_dead",
            "settled",
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        ),
        sa.Index(
            "ix_outbox_cause",
            *("recipient_key", "cause"),
            unique=True,
            sqlite_where=sa.text("cause <> ''"),
            postgresql_where=sa.text("cause <> ''"),
        ),
        # An id that a worker still holds must never come to mean another message.
        {"sqlite_autoincrement": True},
    )


class BlockRow(Table):
    """A number that is neither answered nor written to, by an operator's decision."""

    __tablename__ = "blocks"

    number_key: Mapped[str] = mapped_column(Key, primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(200))
    blocked_by: Mapped[str] = mapped_column(sa.String(80))
    created: Mapped[datetime]


def is_waiting(message: type[OutboxMessage]) -> sa.ColumnElement[bool]:
    """True of what holds back the later ones behind it; as the partial index writes it."""
    return message.state.in_([QUEUED, ANSWERED])


def is_followed(message: type[OutboxMessage]) -> sa.ColumnElement[bool]:
    """True of what the provider is still to tell of."""
    return message.state.in_([ANSWERED, SENT])
