"""Requests for a person in the hands of staff: whose each is, what became of it, how long it took.

Every change names what must be so before it, in the one statement that makes it: of two people who
take the same request at once, one is told that somebody else was first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database
from records.handovers import CLAIMED, DONE, WAITING, Handover, as_handover
from records.tables import HandoverRow

_LONGEST_NOTE: Final = 1000


@dataclass(frozen=True, slots=True)
class Takeover:
    """A request, and its moments: taken, first answered, settled; the note it was settled with.

    `rating` is what the citizen said of it: 1 helped, 2 partly, 3 not; empty where nothing.
    """

    handover: Handover
    claimed: datetime | None
    answered: datetime | None
    note: str
    rating: str


class Takeovers:
    """The requests that staff work on. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def find(self, handover_id: int) -> Takeover | None:
        """A request by its number."""
        with self._database.reading() as session:
            row = session.get(HandoverRow, handover_id)
            return _takeover(row) if row else None

    def open(self, limit: int = 200) -> list[Takeover]:
        """Those who wait, the first one first, and behind them those that are taken."""
        is_open = HandoverRow.state.in_((WAITING, CLAIMED))
        queue = sa.select(HandoverRow).where(is_open)
        ordered = queue.order_by(HandoverRow.state.desc(), HandoverRow.id).limit(limit)
        with self._database.reading() as session:
            return [_takeover(row) for row in session.scalars(ordered)]

    def mark(self) -> str:
        """A mark that changes whenever anything becomes of any request."""
        row = HandoverRow
        moments = (row.claimed, row.answered, row.settled)
        latest = sa.select(sa.func.max(row.id), *(sa.func.max(one) for one in moments))
        holders = sa.select(row.id, row.state, row.claimed_by).where(
            row.state.in_((WAITING, CLAIMED))
        )
        with self._database.reading() as session:
            told = [*session.execute(latest).one(), *session.execute(holders.order_by(row.id))]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def settled(self, limit: int = 50) -> list[Takeover]:
        """The last ones that were answered."""
        done = sa.select(HandoverRow).where(HandoverRow.state == DONE)
        latest = done.order_by(HandoverRow.id.desc()).limit(limit)
        with self._database.reading() as session:
            return [_takeover(row) for row in session.scalars(latest)]

    def claim(self, handover_id: int, staff: str) -> bool:
        """Take a request that waits; False where somebody else was first or it is settled."""
        is_free = HandoverRow.state == WAITING
        return self._change(handover_id, is_free, **self._to(staff))

    def assign(self, handover_id: int, staff: str) -> bool:
        """Give an open request to somebody, whoever has it; False where it is settled."""
        is_open = HandoverRow.state.in_((WAITING, CLAIMED))
        return self._change(handover_id, is_open, **self._to(staff))

    def transfer(self, handover_id: int, staff: str, to: str) -> bool:
        """Give one's own request to a colleague; False where it is one's own no more."""
        return self._change(handover_id, _is_of(staff), **self._to(to))

    def release(self, handover_id: int, staff: str) -> bool:
        """Put one's own request back into the queue, at its old place."""
        return self._change(handover_id, _is_of(staff), state=WAITING, claimed_by="")

    def answered(self, handover_id: int, staff: str) -> bool:
        """Note a reply by whom the request belongs to; the moment of the first is kept."""
        first = sa.func.coalesce(HandoverRow.answered, sa.literal(self._clock()))
        return self._change(handover_id, _is_of(staff), answered=first)

    def hand_back(self, handover_id: int, staff: str, note: str) -> bool:
        """Settle one's own request with a note; its number is destroyed."""
        values = {"state": DONE, "sealed": b"", "settled": self._clock()}
        return self._change(handover_id, _is_of(staff), **values, note=note[:_LONGEST_NOTE])

    def rate(self, handover_id: int, rating: str) -> bool:
        """Keep what the citizen said of it, the first time."""
        is_unrated = sa.and_(HandoverRow.state == DONE, HandoverRow.rating == "")
        return self._change(handover_id, is_unrated, rating=rating)

    def _to(self, staff: str) -> dict[str, Any]:
        first = sa.func.coalesce(HandoverRow.claimed, sa.literal(self._clock()))
        return {"state": CLAIMED, "claimed_by": staff, "claimed": first}

    def _change(self, handover_id: int, holds: sa.ColumnElement[bool], **values: Any) -> bool:
        change = sa.update(HandoverRow).where(HandoverRow.id == handover_id, holds)
        with self._database.session() as session:
            made = session.execute(change.values(**values).returning(HandoverRow.id))
            return made.first() is not None


def _is_of(staff: str) -> sa.ColumnElement[bool]:
    return sa.and_(HandoverRow.state == CLAIMED, HandoverRow.claimed_by == staff)


def _takeover(row: HandoverRow) -> Takeover:
    return Takeover(as_handover(row), row.claimed, row.answered, row.note, row.rating)
