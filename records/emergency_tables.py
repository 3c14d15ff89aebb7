"""The tables of emergency programmes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import Key, RowNumber, Table


class EmergencyRow(Table):
    """An emergency programme as it was proposed: what of its file decides who is invited, and how.

    `state` is proposed, approved, paused or stopped; money is in centimes of a dirham; `plan` is
    the section of the file as JSON. `totals` are the last counts, once its invitations are gone.
    """

    __tablename__ = "emergencies"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    plan: Mapped[str] = mapped_column(sa.Text)
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    rate_per_minute: Mapped[int]
    budget: Mapped[int] = mapped_column(sa.BigInteger)
    spent: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    state: Mapped[str] = mapped_column(sa.String(16))
    proposed_by: Mapped[str] = mapped_column(sa.String(80))
    proposed: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(sa.String(80), default="")
    approved: Mapped[datetime | None]
    totals: Mapped[str] = mapped_column(sa.Text, default="")


class InvitationRow(Table):
    """One person invited to one emergency programme, on one number: never a second time.

    `outbox_id` is their message; `outcome` is empty while it waits, then sent or its last error.
    `reached` is when the provider took it, `answered` when the citizen opened the application.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    emergency: Mapped[str] = mapped_column(sa.ForeignKey("emergencies.key"))
    person_key: Mapped[str] = mapped_column(Key, index=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    channel: Mapped[str] = mapped_column(sa.String(32))
    language: Mapped[str] = mapped_column(sa.String(8))
    cost: Mapped[int]
    outbox_id: Mapped[int] = mapped_column(sa.BigInteger)
    created: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(sa.String(64), default="")
    reached: Mapped[datetime | None]
    answered: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("emergency", "person_key"),
        sa.UniqueConstraint("emergency", "number_key"),
        sa.Index("ix_invitations_emergency_created", "emergency", "created"),
        sa.Index(
            "ix_invitations_waiting",
            "emergency",
            "id",
            sqlite_where=sa.text("outcome = ''"),
            postgresql_where=sa.text("outcome = ''"),
        ),
    )
