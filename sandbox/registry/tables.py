"""The tables of the sandbox registry: people, households, codes, its clock.

Moments are seconds of its own clock since 1970, days are by its own clock.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """The root of the tables."""


class Household(Base):
    """A household of the RSU. `index` is text: an index at a threshold must stay exact.

    `score` is the same as a number to search by, `number` what its lots are drawn by, and
    `recomputed_on` the day on which its index will be made anew.
    """

    __tablename__ = "households"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    region: Mapped[str] = mapped_column(String(60))
    area: Mapped[str] = mapped_column(String(10))
    rsu_status: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    index: Mapped[str | None] = mapped_column(String(20))
    score: Mapped[float | None] = mapped_column(index=True)
    index_date: Mapped[date | None]
    recomputed_on: Mapped[date | None] = mapped_column(index=True)
    registered_on: Mapped[date | None]

    members: Mapped[list[Person]] = relationship(
        back_populates="household", order_by="Person.birth_date"
    )
    enrolments: Mapped[list[Enrolment]] = relationship(order_by="Enrolment.since")


class Person(Base):
    """A person of the RNP. `summary` is filled for the people offered for demonstrations."""

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_offered", "rank", sqlite_where=text("summary != ''")),
        Index("ix_people_phone", "phone", sqlite_where=text("phone IS NOT NULL")),
    )

    idcs: Mapped[str] = mapped_column(String(10), primary_key=True)
    rank: Mapped[int]
    given_name: Mapped[str] = mapped_column(String(60))
    surname: Mapped[str] = mapped_column(String(60))
    given_name_arabic: Mapped[str] = mapped_column(String(60))
    surname_arabic: Mapped[str] = mapped_column(String(60))
    sex: Mapped[str] = mapped_column(String(10))
    birth_date: Mapped[date] = mapped_column(index=True)
    phone: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(3))
    rnp_status: Mapped[str] = mapped_column(String(20))
    household_code: Mapped[str | None] = mapped_column(ForeignKey("households.code"), index=True)
    summary: Mapped[str] = mapped_column(String(200), default="")
    contact_standing: Mapped[str] = mapped_column(String(20), default="good")

    household: Mapped[Household | None] = relationship(back_populates="members")


class Enrolment(Base):
    """A programme a household was accepted in."""

    __tablename__ = "enrolments"

    household_code: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    programme: Mapped[str] = mapped_column(String(30), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]
    changed_on: Mapped[date | None]


class Code(Base):
    """A one-time code that was sent; the code itself is nowhere, `digest` is a keyed hash of it."""

    __tablename__ = "codes"
    __table_args__ = (Index("ix_codes_idcs_sent_at", "idcs", "sent_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idcs: Mapped[str] = mapped_column(String(10))
    transaction: Mapped[str] = mapped_column(String(99))
    digest: Mapped[bytes]
    sent_at: Mapped[float]
    ends_at: Mapped[float]
    wrong: Mapped[int] = mapped_column(default=0)
    used: Mapped[bool] = mapped_column(default=False)


class Clock(Base):
    """How far the registry's clock is ahead of the machine's, and how far its life went: one row.

    What happens by itself is drawn by `seed` and has happened up to the end of `lived_until`; the
    population is of the day `born_on`, with `households` asked for.
    """

    __tablename__ = "clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    ahead_seconds: Mapped[float] = mapped_column(default=0.0)
    seed: Mapped[int]
    households: Mapped[int]
    born_on: Mapped[date]
    lived_until: Mapped[date]
