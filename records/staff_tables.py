"""The tables of staff accounts. Staff are not citizens: nothing here is a citizen's."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import RowNumber, Table


class StaffRow(Table):
    """An account: who it is, what they may do, and how they prove it.

    `password` is an argon2 hash, empty where they sign in elsewhere; `sealed` is their
    second factor. `version` changes whenever all open sessions of the account must end.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    role: Mapped[str] = mapped_column(sa.String(16))
    language: Mapped[str] = mapped_column(sa.String(8), default="")
    password: Mapped[str] = mapped_column(sa.String(200), default="")
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary, default=b"")
    last_code: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    version: Mapped[int] = mapped_column(default=1)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class StaffInvitationRow(Table):
    """An invitation to have an account; the link's secret is kept as a hash, and works once."""

    __tablename__ = "staff_invitations"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    invited_by: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffHoursRow(Table):
    """When people answer, and on which days nobody does; the last row holds."""

    __tablename__ = "staff_hours"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    hours: Mapped[str] = mapped_column(sa.String(400))
    off: Mapped[str] = mapped_column(sa.String(1000))
    set_by: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]

    __table_args__ = ({"sqlite_autoincrement": True},)


class ReplyRow(Table):
    """A reply that is written once and sent often, in one language."""

    __tablename__ = "replies"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(8))
    name: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (sa.UniqueConstraint("language", "name"), {"sqlite_autoincrement": True})
