"""The tables of messages: what came in, and what is to be posted to others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sandbox.registry.tables import Base


class Message(Base):
    """A message that came in, kept for an hour: for its status, and so that it comes once only.

    `correlation` is our name for it. It is looked into at `ready_at` (the machine's seconds); one
    that is `queued` is answered by a call then.
    """

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("sender", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str] = mapped_column(String(99))
    name: Mapped[str] = mapped_column(String(99))
    action: Mapped[str] = mapped_column(String(20))
    transaction: Mapped[str] = mapped_column(String(99), index=True)
    correlation: Mapped[str] = mapped_column(String(99), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    queued: Mapped[bool] = mapped_column(default=False, index=True)
    ready_at: Mapped[float]
    received_at: Mapped[float]


class Outgoing(Base):
    """A message to post to somebody; the row is gone once it was taken."""

    __tablename__ = "outgoing"

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(20))
    url: Mapped[str] = mapped_column(String(500))
    message: Mapped[dict[str, Any]] = mapped_column(JSON)
    tries: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[float] = mapped_column(default=0.0, index=True)
