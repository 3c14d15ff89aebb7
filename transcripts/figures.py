"""Figures: how much of what there was, counted by the hour, summed and read by the day.

measure       kind      language   name          detail               count, amount
turns         channel   language   provider                           turns, screens
conversations channel   language                                      begun
outcomes      channel              outcome                            turns, milliseconds
intents                 language   intent                             turns
words                   variety    understood | fallback              messages in words
services      channel   language   service       begun | done | left  journeys
screens       channel              response key  shown | left         times
deliveries    channel              state         code                 messages
handovers     channel   language   waited | answered | settled, band  requests, seconds
ratings       channel   language   1 | 2 | 3                          requests
applications            language   state         region, area         applications
emergencies                        emergency     invited ...          people
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.database import Database
from transcripts.tables import DayFigureRow, FigureRow

ZONE: Final = ZoneInfo("Africa/Casablanca")
OF_TURNS: Final = (
    "turns",
    "conversations",
    "outcomes",
    "intents",
    "words",
    "services",
    "screens",
)
_LONGEST: Final = 64
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What was counted."""

    measure: str
    kind: str = ""
    language: str = ""
    name: str = ""
    detail: str = ""


@dataclass(slots=True)
class Counted:
    """How often, and the sum of what was counted."""

    count: int = 0
    amount: float = 0.0

    def add(self, amount: float = 0.0, count: int = 1) -> None:
        """Count one more, or several."""
        self.count += count
        self.amount += amount


@dataclass(frozen=True, slots=True)
class Figure:
    """A subject on a day."""

    subject: Subject
    day: date
    count: int
    amount: float


class Figures:
    """The figures of days. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(self, first: date, last: date, measures: Sequence[str]) -> list[Figure]:
        """The figures of these days, both included, of some measures."""
        row = DayFigureRow
        wanted = sa.select(
            *(row.measure, row.kind, row.language, row.name, row.detail),
            *(row.day, row.count, row.amount),
        )
        during = (row.measure.in_(measures), row.day >= first, row.day <= last)
        with self._database.reading() as session:
            return [
                Figure(Subject(*one[:5]), one[5], one[6], one[7])
                for one in session.execute(wanted.where(*during))
            ]

    def replace_since(
        self, measure: str, first: date, days: Mapping[date, Mapping[Subject, Counted]]
    ) -> None:
        """Put a measure's figures of days in the place of all it had from the first day on."""
        row = DayFigureRow
        gone = sa.delete(row).where(row.measure == measure, row.day >= first)
        with self._database.session() as session:
            session.execute(gone)
            for day, counted in days.items():
                _insert(session, row, counted, {"day": day})


def write(session: Session, hour: datetime, counted: Mapping[Subject, Counted]) -> None:
    """Add the figures of an hour."""
    _insert(session, FigureRow, counted, {"hour": hour, "day": day_of(hour)})


def sum_up(session: Session, day: date) -> None:
    """Sum the hours of a day up, in the place of its sums of before."""
    hour, row = FigureRow, DayFigureRow
    gone = sa.delete(row).where(row.day == day, row.measure.in_(OF_TURNS))
    subject = ("measure", "day", "kind", "language", "name", "detail")
    by = [getattr(hour, name) for name in subject]
    sums = (sa.func.sum(hour.count), sa.func.sum(hour.amount))
    summed = sa.select(*by, *sums).where(hour.measure.in_(OF_TURNS), hour.day == day)
    session.execute(gone)
    session.execute(sa.insert(row).from_select([*subject, "count", "amount"], summed.group_by(*by)))


def _insert(
    session: Session,
    table: type[FigureRow] | type[DayFigureRow],
    counted: Mapping[Subject, Counted],
    when: Mapping[str, Any],
) -> None:
    rows = [
        {
            "measure": subject.measure,
            "kind": subject.kind[:32],
            "language": subject.language[:12],
            "name": subject.name[:_LONGEST],
            "detail": subject.detail[:_LONGEST],
            **when,
            "count": one.count,
            "amount": one.amount,
        }
        for subject, one in sorted(counted.items(), key=_subject)
    ]
    for begin in range(0, len(rows), _AT_ONCE):
        session.execute(sa.insert(table), rows[begin : begin + _AT_ONCE])


def _subject(one: tuple[Subject, Counted]) -> Subject:
    return one[0]


def drop(session: Session, hour: datetime, measures: Sequence[str]) -> None:
    """Take away what some measures had in an hour."""
    gone = sa.delete(FigureRow).where(FigureRow.measure.in_(measures), FigureRow.hour == hour)
    session.execute(gone)


def midnight(day: date) -> datetime:
    """When a day begins in Morocco."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def day_of(at: datetime) -> date:
    """The day in Morocco on which a moment is."""
    return at.astimezone(ZONE).date()


def hour_of(at: datetime) -> datetime:
    """The hour in which a moment is."""
    return at.replace(minute=0, second=0, microsecond=0)


def hours(moments: Iterable[datetime]) -> set[datetime]:
    """The hours of moments."""
    return {hour_of(one) for one in moments}


def around(hour: datetime) -> tuple[datetime, ...]:
    """An hour and its neighbours: those whose journeys a turn in it can change."""
    return (hour - timedelta(hours=1), hour, hour + timedelta(hours=1))
