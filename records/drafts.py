"""Drafts: what somebody began to fill in, kept sealed until it is handed in or too old.

A draft belongs to a verified person, whatever channel it was begun on, or, of nobody verified,
to somebody on a number. What it holds is known to whoever sealed it; here are only its owner, its
procedure and its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from records.tables import DraftRow


def draft_context(draft_id: str) -> str:
    """The context in which a draft is sealed and opened (core.privacy.Seal)."""
    return f"draft|{draft_id}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it lies here; `sealed` opens in the context `draft_context(id)`."""

    id: str
    owner_key: str
    procedure: str
    sealed: bytes
    created: datetime
    touched: datetime
    number_key: str = ""


class Drafts:
    """The drafts of everybody. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now, life_days: int = 30) -> None:
        self._database = database
        self._clock = clock
        self._life = timedelta(days=life_days)

    def find(self, owner_key: str, procedure: str) -> Draft | None:
        """The draft of an owner for a procedure, or None where there is none or it is too old."""
        mine = sa.select(DraftRow).where(
            DraftRow.owner_key == owner_key, DraftRow.procedure == procedure
        )
        return self._living(mine)

    def named(self, draft_id: str) -> Draft | None:
        """The draft of that id, or None where there is none or it is too old."""
        return self._living(sa.select(DraftRow).where(DraftRow.id == draft_id))

    def of(self, owner_key: str) -> list[Draft]:
        """The drafts of an owner, the one touched last first."""
        mine = sa.select(DraftRow).where(
            DraftRow.owner_key == owner_key, DraftRow.touched > self._oldest()
        )
        with self._database.reading() as session:
            rows = session.scalars(mine.order_by(DraftRow.touched.desc(), DraftRow.id))
            return [_draft(row) for row in rows]

    def has_others(self, number_key: str, procedure: str, draft_id: str) -> bool:
        """Whether somebody else's draft for a procedure lies on a number, where nobody is verified.

        One that is still the number's own says nothing of anybody.
        """
        others = sa.select(DraftRow.id).where(
            DraftRow.number_key == number_key,
            DraftRow.owner_key != number_key,
            DraftRow.procedure == procedure,
            DraftRow.id != draft_id,
            DraftRow.touched > self._oldest(),
        )
        with self._database.reading() as session:
            return session.scalar(others.limit(1)) is not None

    def keep(
        self, draft_id: str, owner_key: str, procedure: str, sealed: bytes, number_key: str = ""
    ) -> None:
        """Keep a draft as it is now; another of the same owner and procedure gives way to it.

        With `number_key` nobody is verified, and the number may have it erased.
        """
        now = self._clock()
        with self._database.session() as session:
            queue_up(session, f"draft|{owner_key}|{procedure}")
            session.execute(
                sa.delete(DraftRow).where(
                    DraftRow.owner_key == owner_key,
                    DraftRow.procedure == procedure,
                    DraftRow.id != draft_id,
                )
            )
            row = session.get(DraftRow, draft_id)
            if row is None:
                row = DraftRow(id=draft_id, created=now)
                session.add(row)
            row.owner_key, row.number_key, row.procedure = owner_key, number_key, procedure
            row.sealed, row.touched = sealed, now

    def drop(self, draft_id: str, within: Session | None = None) -> None:
        """Forget a draft; with `within`, only if that transaction is committed."""
        with self._database.session(within) as session:
            session.execute(sa.delete(DraftRow).where(DraftRow.id == draft_id))

    def drop_all(self, owner_key: str) -> None:
        """Forget every draft of an owner."""
        with self._database.session() as session:
            session.execute(sa.delete(DraftRow).where(DraftRow.owner_key == owner_key))

    def drop_old(self) -> int:
        """Forget the drafts whose days are over, and return how many there were."""
        with self._database.session() as session:
            gone = session.execute(sa.delete(DraftRow).where(DraftRow.touched <= self._oldest()))
            return gone.rowcount if isinstance(gone, CursorResult) else 0

    def _oldest(self) -> datetime:
        return self._clock() - self._life

    def _living(self, query: sa.Select[DraftRow]) -> Draft | None:
        with self._database.reading() as session:
            row = session.scalars(query.where(DraftRow.touched > self._oldest())).first()
            return _draft(row) if row else None


def _draft(row: DraftRow) -> Draft:
    return Draft(
        row.id,
        row.owner_key,
        row.procedure,
        row.sealed,
        row.created,
        row.touched,
        row.number_key,
    )
