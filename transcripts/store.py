"""Recording turns in batches: each once, in a conversation with those just before it.

Whatever comes twice is kept once, so a batch that may or may not have been kept is recorded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent, queue_up
from transcripts import search
from transcripts.counting import mark_stale
from transcripts.letters import Letter
from transcripts.tables import ConversationRow, LetterRow, TurnRow, UnderstoodRow
from transcripts.turns import RecordedTurn, Understood

FALLBACK: Final = "nlu_fallback"
ANSWERED: Final = ("answered", "late")

Recorded = TypeVar("Recorded", RecordedTurn, Letter)


class Transcripts:
    """The recorded conversations. Every method may raise StoreUnavailable.

    After `silence_hours` without a word the next one begins another conversation.
    """

    def __init__(
        self, database: Database, silence_hours: float = 24.0, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._silence = timedelta(hours=silence_hours)
        self._clock = clock

    def record(self, turns: Iterable[RecordedTurn]) -> int:
        """Keep the turns that are not kept yet, all or none; how many were new."""
        with self._database.session() as session:
            queue_up(session, "transcripts")
            new = _new(session, TurnRow, turns)
            waiting = _take_waiting(session, [turn.key for turn in new])
            for turn in new:
                conversation = self._conversation(session, turn)
                row = TurnRow(conversation_id=conversation.id, **turn.columns())
                session.add(row)
                _count_turn(conversation, turn)
                if turn.key in waiting:
                    _understand(conversation, row, waiting[turn.key])
                session.flush()
                search.index_turn(session, row)
            mark_stale(session, (turn.at for turn in new))
            return len(new)

    def understand(self, values: Iterable[Understood]) -> None:
        """Add what the engine made of turns; where one is not recorded yet it waits for it."""
        with self._database.session() as session:
            queue_up(session, "transcripts")
            late = []
            for value in values:
                found = session.scalars(sa.select(TurnRow).where(TurnRow.key == value.key)).first()
                if found is None:
                    kept = {**value.columns(), "programme": value.programme}
                    insert_if_absent(
                        session, UnderstoodRow, key=value.key, at=self._clock(), value=kept
                    )
                    continue
                conversation = session.get_one(ConversationRow, found.conversation_id)
                _understand(conversation, found, {**value.columns(), "programme": value.programme})
                late.append(found.at)
            mark_stale(session, late)

    def keep_letters(self, letters: Iterable[Letter]) -> int:
        """Keep messages that went out by themselves, and what became of those known already."""
        with self._database.session() as session:
            queue_up(session, "transcripts")
            given = list(letters)
            new = _new(session, LetterRow, given)
            for letter in new:
                conversation = self._conversation(session, letter)
                row = LetterRow(conversation_id=conversation.id, **letter.columns())
                session.add(row)
                conversation.undelivered += row.is_undelivered
                session.flush()
                search.index_letter(session, row)
            fresh = {letter.key for letter in new}
            for letter in given:
                if letter.key not in fresh:
                    _settle(session, letter)
            return len(new)

    def _conversation(self, session: Session, said: RecordedTurn | Letter) -> ConversationRow:
        latest = session.scalars(
            sa.select(ConversationRow)
            .where(ConversationRow.name == said.name)
            .order_by(ConversationRow.last_at.desc())
            .limit(1)
        ).first()
        if latest is not None and said.at - latest.last_at <= self._silence:
            latest.last_at = max(latest.last_at, said.at)
            return latest
        row = ConversationRow(
            name=said.name,
            number_key=said.number_key,
            kind=said.kind,
            channel=said.channel,
            provider=said.provider,
            began=said.at,
            last_at=said.at,
            turns=0,
            fallbacks=0,
            errors=0,
            undelivered=0,
        )
        session.add(row)
        session.flush()
        return row


def _new(session: Session, table: Any, given: Iterable[Recorded]) -> list[Recorded]:
    """Those that are not kept yet, each once, in their order of time."""
    by_key: dict[str, Recorded] = {}
    for one in sorted(given, key=_moment):
        by_key.setdefault(one.key, one)
    kept = set(session.scalars(sa.select(table.key).where(table.key.in_(by_key))))
    return [one for key, one in by_key.items() if key not in kept]


def _moment(one: RecordedTurn | Letter) -> datetime:
    return one.at


def _take_waiting(session: Session, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = session.scalars(sa.select(UnderstoodRow).where(UnderstoodRow.key.in_(keys))).all()
    for row in rows:
        session.delete(row)
    return {row.key: row.value for row in rows}


def _count_turn(conversation: ConversationRow, turn: RecordedTurn) -> None:
    conversation.turns += 1
    conversation.language = turn.language or conversation.language
    conversation.errors += turn.outcome not in ANSWERED


def _understand(conversation: ConversationRow, row: TurnRow, value: dict[str, Any]) -> None:
    if row.intent:
        return
    for name, made in value.items():
        if name != "programme":
            setattr(row, name, made)
    intent = str(value["intent"])
    conversation.intent = intent or conversation.intent
    conversation.programme = value.get("programme") or conversation.programme
    conversation.fallbacks += intent == FALLBACK
    if row.confidence is not None and row.step == "words":
        lowest = conversation.lowest
        conversation.lowest = row.confidence if lowest is None else min(lowest, row.confidence)


def _settle(session: Session, letter: Letter) -> None:
    row = session.scalars(sa.select(LetterRow).where(LetterRow.key == letter.key)).one()
    conversation = session.get_one(ConversationRow, row.conversation_id)
    was, row.state = row.is_undelivered, letter.state
    row.code, row.settled = letter.code, letter.settled
    conversation.undelivered += row.is_undelivered - was
