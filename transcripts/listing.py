"""Listing conversations, the latest first, by what they are about and what went wrong in them.

A page begins after the last line of the one before it, never at a number of lines, so that what is
said meanwhile moves no line from one page to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from records.database import Database
from records.table import UtcDateTime
from transcripts.tables import ConversationRow, LabelRow, TurnRow

UNSURE: Final = 0.7
_MOST_CHOICES: Final = 200
_LATE: Final = 20_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class During:
    """A conversation by its own name, in the time from `since` on."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Filters:
    """Which conversations are wanted; what is empty excludes nothing.

    `during` are those of which one is wanted; an empty one excludes all.
    """

    channel: str = ""
    provider: str = ""
    language: str = ""
    programme: str = ""
    intent: str = ""
    is_unsure: bool = False
    has_fallback: bool = False
    has_error: bool = False
    is_undelivered: bool = False
    label: str = ""
    since: datetime | None = None
    until: datetime | None = None
    during: tuple[During, ...] | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The filters in SQL."""
        row = ConversationRow
        found = [
            getattr(row, name) == getattr(self, name)
            for name in ("channel", "provider", "language", "programme", "intent")
            if getattr(self, name)
        ]
        troubles = (
            (self.is_unsure, row.lowest < UNSURE),
            (self.has_fallback, row.fallbacks > sa.literal_column("0")),
            (self.has_error, row.errors > sa.literal_column("0")),
            (self.is_undelivered, row.undelivered > sa.literal_column("0")),
        )
        found += [condition for is_wanted, condition in troubles if is_wanted]
        if self.label:
            labelled = sa.select(LabelRow.conversation_id).where(LabelRow.label == self.label)
            found.append(row.id.in_(labelled))
        if self.since is not None:
            found.append(row.last_at >= self.since)
        if self.until is not None:
            found.append(row.last_at < self.until)
        if self.during is not None:
            each = [sa.and_(row.name == one.name, row.last_at >= one.since) for one in self.during]
            found.append(sa.or_(sa.false(), *each))
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a line in the list: behind it the next page begins."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Place:
        """The place that a text names. Raises ValueError."""
        moment, _, number = text.partition("-")
        if not (moment.isdecimal() and number.isdecimal() and len(text) < 40):
            raise ValueError(text)
        try:
            at = _EPOCH + int(moment) * _MICROSECOND
        except OverflowError as fault:
            raise ValueError(text) from fault
        return cls(at, min(int(number), 2**62))


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation in the list, with its labels and the last words of its citizen."""

    row: ConversationRow
    labels: tuple[str, ...]
    last_said: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of the list; `after` is where the next one begins, None where there is none."""

    lines: tuple[Line, ...]
    after: Place | None


class Listing:
    """The list of conversations. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, filters: Filters, after: Place | None = None, size: int = 30) -> Lines:
        """The conversations that are wanted, `size` at most, behind a place."""
        wanted = sa.select(ConversationRow).where(*filters.conditions())
        if after is not None:
            place = sa.tuple_(sa.literal(after.at, UtcDateTime()), sa.literal(after.id))
            wanted = wanted.where(sa.tuple_(ConversationRow.last_at, ConversationRow.id) < place)
        wanted = wanted.order_by(ConversationRow.last_at.desc(), ConversationRow.id.desc())
        with self._database.reading() as session:
            rows = session.scalars(wanted.limit(size + 1)).all()
            shown = rows[:size]
            lines = _lines(session, shown)
            session.expunge_all()
        last = shown[-1] if len(rows) > size else None
        return Lines(lines, Place(last.last_at, last.id) if last else None)

    def newest(self) -> str:
        """A mark that changes whenever something is said anywhere."""
        latest = sa.select(sa.func.max(ConversationRow.last_at), sa.func.max(ConversationRow.id))
        with self._database.reading() as session:
            at, number = session.execute(latest).one()
            turn = session.scalar(sa.select(sa.func.max(TurnRow.id)))
        return f"{at.timestamp() if number else 0:.6f}-{number or 0}-{turn or 0}"

    def choices(self) -> dict[str, list[str]]:
        """The values of each filter with a list: every meaning, programme and label that there is,
        and the channels, providers and languages of late.
        """
        row = ConversationRow
        names = ("channel", "provider", "language")
        late = sa.select(*(getattr(row, name) for name in names))
        late = late.order_by(row.last_at.desc(), row.id.desc()).limit(_LATE)
        with self._database.reading() as session:
            each = session.execute(sa.select(late.subquery()).distinct()).all()
            found = {
                name: sorted({one[place] for one in each if one[place]})[:_MOST_CHOICES]
                for place, name in enumerate(names)
            }
            for name, column in (
                ("programme", row.programme),
                ("intent", row.intent),
                ("label", LabelRow.label),
            ):
                found[name] = [one for one in session.scalars(_each_value(column)) if one]
        return found


def _each_value(column: InstrumentedAttribute[str]) -> sa.Select[str]:
    """Every value of an indexed column, by leaps from one to the next instead of through all."""
    leaps = sa.select(sa.func.min(column).label("value")).cte("leaps", recursive=True)
    following = sa.select(sa.func.min(column)).where(column > leaps.c.value).scalar_subquery()
    leaps = leaps.union_all(sa.select(following).where(leaps.c.value.is_not(None)))
    return sa.select(leaps.c.value).where(leaps.c.value.is_not(None)).limit(_MOST_CHOICES)


def _lines(session: Session, rows: Sequence[ConversationRow]) -> tuple[Line, ...]:
    ids = [row.id for row in rows]
    labels: dict[int, list[str]] = {}
    for label in session.scalars(
        sa.select(LabelRow).where(LabelRow.conversation_id.in_(ids)).order_by(LabelRow.label)
    ):
        labels.setdefault(label.conversation_id, []).append(label.label)
    latest = (
        sa.select(sa.func.max(TurnRow.id))
        .where(TurnRow.conversation_id.in_(ids), TurnRow.said != "")
        .group_by(TurnRow.conversation_id)
    )
    last = sa.select(TurnRow.conversation_id, TurnRow.said).where(TurnRow.id.in_(latest))
    said = {row.conversation_id: row.said for row in session.execute(last)}
    return tuple(
        Line(row, tuple(labels.get(row.id, ())), said.get(row.id, "")[:200]) for row in rows
    )
