"""Counting what was recorded: every hour of which something is new, whole, as often as it takes.

An hour is counted from its turns alone and put in the place of its count of before, so that a turn
that came late, or was understood late, is counted as if it had come in time, and nothing twice.
Some thousand turns are read at a time, however many an hour has.
"""

from __future__ import annotations

import secrets
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.vault import TOKEN
from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent
from transcripts.figures import (
    OF_TURNS,
    Counted,
    Subject,
    around,
    day_of,
    drop,
    hour_of,
    hours,
    sum_up,
    write,
)
from transcripts.journeys import LONGEST, Said, journeys
from transcripts.tables import ConversationRow, StaleHourRow, TurnRow
from transcripts.varieties import variety_of

_HOUR: Final = timedelta(hours=1)
# Turns.
_AT_ONCE: Final = 2000
_FALLBACK: Final = "nlu_fallback"
# No words of a citizen's own: digits alone, or a message that is nothing but sealed values.
_NOT_OWN: Final = "inform"

_Hours = dict[datetime, dict[Subject, Counted]]


def mark_stale(session: Session, moments: Iterable[datetime]) -> None:
    """Have the hours of these moments counted anew; for who holds the queue of the transcripts."""
    for hour in sorted(hours(moments)):
        mark = secrets.randbits(62)
        known = sa.update(StaleHourRow).where(StaleHourRow.hour == hour).values(mark=mark)
        if session.execute(known.returning(StaleHourRow.hour)).first() is None:
            insert_if_absent(session, StaleHourRow, hour=hour, mark=mark)


class Counting:
    """Counts turns. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def refresh(self, most: int = 48) -> int:
        """Count the hours that are stale, the latest first, `most` at most; how many they were."""
        stale = sa.select(StaleHourRow.hour, StaleHourRow.mark).order_by(StaleHourRow.hour.desc())
        with self._database.reading() as session:
            marks = {one.hour: one.mark for one in session.execute(stale.limit(most))}
        now = self._clock()
        touched = sorted({hour for one in marks for hour in around(one) if hour <= now})
        for run in _runs(touched):
            for hour, counted in self._count(run, now).items():
                with self._database.session() as session:
                    drop(session, hour, OF_TURNS)
                    write(session, hour, counted)
        with self._database.session() as session:
            for day in sorted({day_of(hour) for hour in touched}):
                sum_up(session, day)
        # Until then a journey that is open may end by silence alone.
        ended = {hour: mark for hour, mark in marks.items() if hour + _HOUR + LONGEST < now}
        with self._database.session() as session:
            for hour, mark in ended.items():
                # What was marked again meanwhile stays.
                known = (StaleHourRow.hour == hour, StaleHourRow.mark == mark)
                session.execute(sa.delete(StaleHourRow).where(*known))
        return len(marks)

    def _count(self, run: Sequence[datetime], now: datetime) -> _Hours:
        """What is counted of each of these hours, which follow one another."""
        counted: _Hours = {hour: defaultdict(Counted) for hour in run}
        for talk in self._talks(run[0] - _HOUR, run[-1] + 2 * _HOUR):
            _count_talk(talk, counted, now)
        with self._database.reading() as session:
            for hour in run:
                _count_conversations(session, hour, counted[hour])
        return counted

    def _talks(self, begin: datetime, end: datetime) -> Iterator[Sequence[Any]]:
        """The turns of each conversation between two moments.

        One that begins meanwhile is missing; its hour is stale again by then.
        """
        row = ConversationRow
        wanted = sa.select(row.id, row.turns).where(row.last_at >= begin, row.began < end)
        in_order = wanted.order_by(row.id).execution_options(yield_per=10_000)
        ids, sizes = array("q"), array("q")
        with self._database.reading() as session:
            for known, size in session.execute(in_order):
                ids.append(known)
                sizes.append(size)
        for some in _batches(ids, sizes):
            with self._database.reading() as session:
                turns = _turns(session, some, begin, end)
            for _, talk in groupby(turns, attrgetter("conversation_id")):
                yield list(talk)


def _batches(ids: Sequence[int], sizes: Sequence[int]) -> Iterator[list[int]]:
    """Conversations in their order, as many together as have no more turns than are read at once.

    One that has more stands alone.
    """
    batch: list[int] = []
    turns = 0
    for known, size in zip(ids, sizes, strict=True):
        if batch and turns + size > _AT_ONCE:
            yield batch
            batch, turns = [], 0
        batch.append(known)
        # One of which no turn is recorded yet takes its place, too.
        turns += max(1, size)
    if batch:
        yield batch


def _runs(touched: Sequence[datetime]) -> list[list[datetime]]:
    """Hours in their order, as runs in which one follows the other."""
    found: list[list[datetime]] = []
    for hour in touched:
        if found and found[-1][-1] + _HOUR == hour:
            found[-1].append(hour)
        else:
            found.append([hour])
    return found


def _turns(session: Session, talks: Sequence[int], begin: datetime, end: datetime) -> Sequence[Any]:
    """What counts of the turns of some conversations, in their order."""
    row, talk = TurnRow, ConversationRow
    columns = (
        row.conversation_id,
        row.at,
        row.step,
        row.choice,
        row.intent,
        row.keys,
        row.language,
        row.outcome,
        row.milliseconds,
        sa.case((row.step == "words", row.said), else_="").label("said"),
        talk.kind,
        talk.provider,
    )
    during = (row.conversation_id.in_(talks), row.at >= begin, row.at < end)
    wanted = sa.select(*columns).join(talk, talk.id == row.conversation_id).where(*during)
    return session.execute(wanted.order_by(row.conversation_id, row.at, row.id)).all()


def _count_talk(talk: Sequence[Any], counted: _Hours, now: datetime) -> None:
    for turn in talk:
        if (hour := hour_of(turn.at)) in counted:
            _count_turn(turn, counted[hour])
    for hour in hours(turn.at for turn in talk) & counted.keys():
        near = [turn for turn in talk if hour - _HOUR <= turn.at < hour + 2 * _HOUR]
        _count_journeys(near, hour, now, counted[hour])


def _count_turn(turn: Any, counted: dict[Subject, Counted]) -> None:
    kind, spent = turn.kind, turn.milliseconds or 0.0
    counted[Subject("turns", kind, turn.language, turn.provider)].add()
    counted[Subject("outcomes", kind, "", turn.outcome)].add(spent)
    if turn.intent:
        counted[Subject("intents", "", turn.language, turn.intent)].add()
    words = TOKEN.sub(" ", turn.said).strip()
    if turn.intent and turn.intent != _NOT_OWN and any(map(str.isalpha, words)):
        fell = "fallback" if turn.intent == _FALLBACK else "understood"
        counted[Subject("words", "", variety_of(turn.language, words), fell)].add()


def _count_journeys(
    talk: Sequence[Any], hour: datetime, now: datetime, counted: dict[Subject, Counted]
) -> None:
    kind = talk[0].kind
    said = (Said(one.at, one.choice or one.intent, tuple(one.keys)) for one in talk)
    language = next((one.language for one in talk if one.language), "")
    for journey in journeys(said, now):
        if not hour <= journey.began < hour + _HOUR:
            continue
        counted[Subject("services", kind, language, journey.service, "begun")].add()
        if journey.end != "open":
            counted[Subject("services", kind, language, journey.service, journey.end)].add()
        for screen in journey.screens:
            counted[Subject("screens", kind, "", screen, "shown")].add()
        if journey.end == "left" and journey.screens:
            counted[Subject("screens", kind, "", journey.screens[-1], "left")].add()


def _count_conversations(session: Session, hour: datetime, counted: dict[Subject, Counted]) -> None:
    row = ConversationRow
    begun = sa.select(row.kind, row.language, sa.func.count())
    begun = begun.where(row.began >= hour, row.began < hour + _HOUR)
    for kind, language, count in session.execute(begun.group_by(row.kind, row.language)):
        counted[Subject("conversations", kind, language)].add(count=count)
