"""The tables of what citizens hand in and are paid; days are by the registry's own clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from sandbox.registry.tables import Base


class Receipt(Base):
    """What was taken under an idempotency key; the same key gives the same reference again."""

    __tablename__ = "receipts"

    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(99), primary_key=True)
    reference: Mapped[str] = mapped_column(String(20))


class Application(Base):
    """An application; `given_as` is the reference the citizen was given where ours is another.

    `due_on` is the day on which its agency goes on with it by itself.
    """

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    given_as: Mapped[str] = mapped_column(String(40), default="", index=True)
    idcs: Mapped[str | None] = mapped_column(String(10), index=True)
    household_code: Mapped[str | None] = mapped_column(ForeignKey("households.code"), index=True)
    programme: Mapped[str] = mapped_column(String(40))
    for_idcs: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]
    given_on: Mapped[date]
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str | None] = mapped_column(String(30))
    next_by: Mapped[date | None]
    appeal_by: Mapped[date | None]
    due_on: Mapped[date | None] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(20), default="")
    given: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Booking(Base):
    """An appointment that is taken, by the code of its slot."""

    __tablename__ = "bookings"

    slot: Mapped[str] = mapped_column(String(60), primary_key=True)
    reference: Mapped[str] = mapped_column(String(20))


class Payment(Base):
    """A payment of a household for a month (its first day); `amount` is exact text."""

    __tablename__ = "payments"
    __table_args__ = (
        Index("ix_payments_due", "state", "day"),
        Index("ix_payments_collected", "state", "collect_by"),
    )

    household_code: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    programme: Mapped[str] = mapped_column(String(40), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    amount: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(20))
    day: Mapped[date | None]
    collect_at: Mapped[str] = mapped_column(String(100), default="")
    collect_at_arabic: Mapped[str] = mapped_column(String(100), default="")
    collect_by: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(String(30))
    changed_on: Mapped[date | None] = mapped_column(index=True)


class Complaint(Base):
    """A complaint or an appeal."""

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    given_as: Mapped[str] = mapped_column(String(40), default="", index=True)
    idcs: Mapped[str | None] = mapped_column(String(10), index=True)
    category: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(4000), default="")
    about: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]
    due_on: Mapped[date | None] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answer_arabic: Mapped[str] = mapped_column(String(1000), default="")


class Document(Base):
    """A photograph or a PDF handed in for an application, under its idempotency `key`."""

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    application: Mapped[str] = mapped_column(String(20), index=True)
    key: Mapped[str] = mapped_column(String(99))
    content_type: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    since: Mapped[date]
    channel: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(deferred=True)


class ContactChange(Base):
    """A new way to reach a person, as they gave it."""

    __tablename__ = "contact_changes"

    reference: Mapped[str] = mapped_column(String(20), primary_key=True)
    idcs: Mapped[str] = mapped_column(String(10))
    phone: Mapped[str] = mapped_column(String(16), default="")
    address: Mapped[str] = mapped_column(String(300), default="")


class Subscription(Base):
    """Whose changes are told, which kinds of them, and where; empty: to the one we know of."""

    __tablename__ = "subscriptions"

    code: Mapped[str] = mapped_column(String(99), primary_key=True)
    idcs: Mapped[str] = mapped_column(String(10), index=True)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    told_at: Mapped[str] = mapped_column(String(500), default="")
