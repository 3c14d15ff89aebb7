"""The tables of figures: how much of what there was in each hour, and of nobody in particular."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from transcripts.table import Table


class FigureRow(Table):
    """How often something was in an hour; `day` is the hour's day in Morocco.

    `measure` says of what (transcripts/figures.py); `kind` is a kind of channel, `language` a
    citizens' language or a variety; `amount` a sum of what was counted, such as milliseconds.
    """

    __tablename__ = "figures"

    measure: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    detail: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    day: Mapped[date] = mapped_column(sa.Date)
    count: Mapped[int] = mapped_column(sa.BigInteger)
    amount: Mapped[float] = mapped_column(sa.Double, default=0.0)

    __table_args__ = (sa.Index("ix_figures_measure_day", "measure", "day"),)


class DayFigureRow(Table):
    """The same of a whole day: what pages read, as a week of hours is too much to sum each time.

    What is counted of the records stands here alone.
    """

    __tablename__ = "day_figures"

    measure: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    detail: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    count: Mapped[int] = mapped_column(sa.BigInteger)
    amount: Mapped[float] = mapped_column(sa.Double, default=0.0)


class StaleHourRow(Table):
    """An hour of which something was recorded since it was last counted.

    `mark` is another one each time, so that who has counted the hour sees whether it changed since.
    """

    __tablename__ = "stale_hours"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    mark: Mapped[int] = mapped_column(sa.BigInteger)
