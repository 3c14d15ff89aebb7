"""Handovers: who waits for a person, in the order they asked.

A request tells staff what it is about without a word of the citizen's: the last intent and the
programme. The number to call or write to lies sealed and goes when the request is settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from records.tables import HandoverRow

WAITING: Final = "waiting"
CLAIMED: Final = "claimed"
DONE: Final = "done"
CANCELLED: Final = "cancelled"
_OPEN: Final = (WAITING, CLAIMED)


def handover_context(conversation: str) -> str:
    """The context in which the number of a handover is sealed and opened (core.privacy.Seal)."""
    return f"handover|{conversation}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request for a person says; `sealed` is the number, in `handover_context`."""

    number_key: str
    conversation: str
    channel: str
    language: str
    reason: str
    programme: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Handover:
    """A request for a person: `state` is waiting, claimed, done or cancelled."""

    id: int
    asked: Asked
    state: str
    created: datetime
    claimed_by: str
    settled: datetime | None


class Handovers:
    """The queue of requests for a person. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def ask(self, asked: Asked) -> Handover:
        """Stand in the queue; who stands there already keeps the place."""
        with self._database.session() as session:
            queue_up(session, f"handover|{asked.conversation}")
            row = session.scalars(_open(asked.conversation)).first()
            if row is None:
                row = HandoverRow(
                    number_key=asked.number_key,
                    conversation=asked.conversation,
                    channel=asked.channel,
                    language=asked.language,
                    reason=asked.reason,
                    programme=asked.programme,
                    sealed=asked.sealed,
                    state=WAITING,
                    created=self._clock(),
                    claimed_by="",
                )
                session.add(row)
                session.flush()
            return as_handover(row)

    def open_of(self, conversation: str) -> Handover | None:
        """The request of a conversation that waits or was claimed, or None."""
        with self._database.reading() as session:
            row = session.scalars(_open(conversation)).first()
            return as_handover(row) if row else None

    def ahead(self, handover: Handover) -> int:
        """How many wait before this one."""
        earlier = sa.select(sa.func.count()).where(
            HandoverRow.state == WAITING, HandoverRow.id < handover.id
        )
        with self._database.reading() as session:
            return session.scalars(earlier).one()

    def waiting(self, limit: int) -> list[Handover]:
        """Those who wait, the first one first."""
        queue = sa.select(HandoverRow).where(HandoverRow.state == WAITING)
        with self._database.reading() as session:
            return [as_handover(row) for row in session.scalars(queue.order_by("id").limit(limit))]

    def claim(self, handover_id: int, staff: str) -> bool:
        """Take a request that waits; False where somebody else was first or it is settled."""
        return self._move(handover_id, (WAITING,), state=CLAIMED, claimed_by=staff)

    def done(self, handover_id: int) -> bool:
        """Settle a claimed request; its number is destroyed."""
        return self._settle(HandoverRow.id == handover_id, (CLAIMED,), DONE)

    def cancel(self, conversation: str) -> bool:
        """The citizen takes the request back; False where none is open. The number is destroyed."""
        return self._settle(HandoverRow.conversation == conversation, _OPEN, CANCELLED)

    def matching(self, state: str = "", staff: str = "", limit: int = 300) -> list[Handover]:
        """The latest requests in a state, or of one of the staff, or both."""
        wanted = sa.select(HandoverRow)
        if state:
            wanted = wanted.where(HandoverRow.state == state)
        if staff:
            wanted = wanted.where(HandoverRow.claimed_by == staff)
        latest = wanted.order_by(HandoverRow.id.desc()).limit(limit)
        with self._database.reading() as session:
            return [as_handover(row) for row in session.scalars(latest)]

    def open_among(self, conversations: list[str]) -> dict[str, Handover]:
        """The open requests of some conversations, by conversation."""
        mine = sa.select(HandoverRow).where(
            HandoverRow.conversation.in_(conversations), HandoverRow.state.in_(_OPEN)
        )
        with self._database.reading() as session:
            return {row.conversation: as_handover(row) for row in session.scalars(mine)}

    def of(self, number_key: str) -> list[Handover]:
        """Every request of a number, the oldest first."""
        mine = sa.select(HandoverRow).where(HandoverRow.number_key == number_key)
        with self._database.reading() as session:
            return [as_handover(row) for row in session.scalars(mine.order_by("id"))]

    def _settle(self, which: sa.ColumnElement[bool], states: tuple[str, ...], state: str) -> bool:
        change = sa.update(HandoverRow).where(which, HandoverRow.state.in_(states))
        return self._change(change.values(state=state, sealed=b"", settled=self._clock()))

    def _move(self, handover_id: int, states: tuple[str, ...], **values: str) -> bool:
        change = sa.update(HandoverRow).where(
            HandoverRow.id == handover_id, HandoverRow.state.in_(states)
        )
        return self._change(change.values(**values))

    def _change(self, change: sa.Update) -> bool:
        with self._database.session() as session:
            return session.execute(change.returning(HandoverRow.id)).first() is not None


def _open(conversation: str) -> sa.Select[HandoverRow]:
    return sa.select(HandoverRow).where(
        HandoverRow.conversation == conversation, HandoverRow.state.in_(_OPEN)
    )


def as_handover(row: HandoverRow) -> Handover:
    """The request of a row."""
    asked = Asked(
        row.number_key,
        row.conversation,
        row.channel,
        row.language,
        row.reason,
        row.programme,
        row.sealed,
    )
    return Handover(row.id, asked, row.state, row.created, row.claimed_by, row.settled)
