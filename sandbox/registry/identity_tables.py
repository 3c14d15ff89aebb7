"""The tables of one-time codes through eSignet and of pre-registrations."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from sandbox.registry.tables import Base


class EsignetTransaction(Base):
    """A transaction of eSignet; `digest` is that of the answer that began it.

    `proven` is the identifier that was proven in it, `grant` what the client may fetch once.
    """

    __tablename__ = "esignet_transactions"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(200))
    redirect: Mapped[str] = mapped_column(String(500))
    began_at: Mapped[float]
    proven: Mapped[str] = mapped_column(String(10), default="")
    grant: Mapped[str] = mapped_column(String(64), default="", index=True)


class PreRegistration(Base):
    """Somebody who was announced to the RNP; `slot` is the appointment that was booked."""

    __tablename__ = "preregistrations"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    born: Mapped[str] = mapped_column(String(10))
    city: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    announced_on: Mapped[date]
    slot: Mapped[str] = mapped_column(String(60), default="", index=True)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
