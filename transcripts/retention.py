"""Forgetting: what is old, and what a citizen had erased. Words, search and all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.clock import Clock, utc_now
from records.database import Database
from transcripts import reviews, search
from transcripts.agreement import DISCARDED, DISPUTED, OPEN
from transcripts.tables import (
    ConversationRow,
    LabelRow,
    LetterRow,
    RemarkRow,
    ReviewRow,
    TurnRow,
    UnderstoodRow,
)

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten."""

    conversations: int = 0
    turns: int = 0
    letters: int = 0


class Retention:
    """Drops conversations whole. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def forget_older(self, days: int) -> Forgotten:
        """Forget what ended more than `days` ago, a few conversations at a time."""
        before = self._clock() - timedelta(days=days)
        with self._database.session() as session:
            session.execute(sa.delete(UnderstoodRow).where(UnderstoodRow.at < before))
        return self._forget(ConversationRow.last_at < before)

    def count(self, number_key: str) -> Forgotten:
        """How much an erasure of a number would forget."""
        tables = (ConversationRow, TurnRow, LetterRow)
        with self._database.reading() as session:
            found = [
                session.scalar(sa.select(sa.func.count()).where(table.number_key == number_key))
                for table in tables
            ]
        return Forgotten(*(number or 0 for number in found))

    def erase(self, number_key: str) -> Forgotten:
        """Forget all that a number said and was told, on every channel, in the files too."""
        forgotten = self._forget(ConversationRow.number_key == number_key)
        with self._database.session() as session:
            is_more = search.settle(session, is_first=True)
        while is_more:
            with self._database.session() as session:
                is_more = search.settle(session, is_first=False)
        self._database.scrub()
        return forgotten

    def _forget(self, which: sa.ColumnElement[bool]) -> Forgotten:
        total = Forgotten()
        while True:
            with self._database.session() as session:
                ids = list(
                    session.scalars(sa.select(ConversationRow.id).where(which).limit(_AT_ONCE))
                )
                if not ids:
                    return total
                one = _drop(session, ids)
            total = Forgotten(
                total.conversations + one.conversations,
                total.turns + one.turns,
                total.letters + one.letters,
            )


def _drop(session: Session, ids: list[int]) -> Forgotten:
    turns = list(session.scalars(sa.select(TurnRow.id).where(TurnRow.conversation_id.in_(ids))))
    letters = list(
        session.scalars(sa.select(LetterRow.id).where(LetterRow.conversation_id.in_(ids)))
    )
    search.drop(session, turns, letters)
    mine = sa.select(ReviewRow).where(ReviewRow.conversation_id.in_(ids))
    for review in session.scalars(mine).all():
        reviews.forget(review)
        review.state = DISCARDED if review.state in (OPEN, DISPUTED) else review.state
    for table in (TurnRow, LetterRow, LabelRow, RemarkRow):
        session.execute(sa.delete(table).where(table.conversation_id.in_(ids)))
    session.execute(sa.delete(ConversationRow).where(ConversationRow.id.in_(ids)))
    return Forgotten(len(ids), len(turns), len(letters))
