"""Counting what was recorded: every hour of which something is new, whole, as often as it takes.

An hour is counted from its turns alone and put in the place of its count of before, so that a turn
that came late, or was understood late, is counted as if it had come in time, and nothing twice.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
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
    hours,
    sum_up,
    write,
)
from transcripts.journeys import LONGEST, Said, journeys
from transcripts.tables import ConversationRow, StaleHourRow, TurnRow
from transcripts.varieties import variety_of

_HOUR: Final = timedelta(hours=1)
_FALLBACK: Final = "nlu_fallback"
# No words of a citizen's own: digits alone, or a message that is nothing but sealed values.
_NOT_OWN: Final = "inform"


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
        read: dict[datetime, Sequence[Any]] = {}
        for hour in touched:
            with self._database.reading() as session:
                read = {
                    one: read[one] if one in read else _turns(session, one) for one in around(hour)
                }
                counted = _count([turn for one in around(hour) for turn in read[one]], hour, now)
                _count_conversations(session, hour, counted)
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


def _turns(session: Session, hour: datetime) -> Sequence[Any]:
    """What counts of the turns of an hour, in their order."""
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
    during = (row.at >= hour, row.at < hour + _HOUR)
    wanted = sa.select(*columns).join(talk, talk.id == row.conversation_id).where(*during)
    return session.execute(wanted.order_by(row.at, row.id)).all()


def _count(turns: Sequence[Any], hour: datetime, now: datetime) -> dict[Subject, Counted]:
    counted: dict[Subject, Counted] = defaultdict(Counted)
    talks: dict[int, list[Any]] = defaultdict(list)
    for turn in turns:
        talks[turn.conversation_id].append(turn)
        if hour <= turn.at < hour + _HOUR:
            _count_turn(turn, counted)
    for talk in talks.values():
        _count_journeys(talk, hour, now, counted)
    return dict(counted)


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
        counted.setdefault(Subject("conversations", kind, language), Counted()).add(count=count)
