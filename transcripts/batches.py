"""Exports of accepted reviews: asked for, measured, and accepted or refused by a supervisor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from transcripts.agreement import ACCEPTED, EXPORTED
from transcripts.tables import BatchLineRow, BatchRow, ReviewRow

QUEUED: Final = "queued"
MEASURING: Final = "measuring"
READY: Final = "ready"
FAILED: Final = "failed"
REFUSED: Final = "refused"
_OPEN: Final = (QUEUED, MEASURING, READY)
# A measurement takes minutes; who began one so long ago has died.
_LEASE: Final = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A review in an export, and the rule that its line breaks, empty where it fits."""

    review: ReviewRow
    fault: str


class Batches:
    """The exports. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def ask(self, staff: str) -> int | None:
        """Ask for an export of all that is accepted; None where nothing is, or one is open."""
        with self._database.session() as session:
            queue_up(session, "batches")
            is_open = sa.select(BatchRow.id).where(BatchRow.state.in_(_OPEN))
            is_ready = sa.and_(ReviewRow.state == ACCEPTED, ReviewRow.words != "")
            ids = list(session.scalars(sa.select(ReviewRow.id).where(is_ready)))
            if not ids or session.scalar(is_open) is not None:
                return None
            row = BatchRow(state=QUEUED, asked_by=staff, asked=self._clock(), report={})
            session.add(row)
            session.flush()
            session.add_all(BatchLineRow(batch_id=row.id, review_id=one) for one in ids)
            return row.id

    def all(self, limit: int = 50) -> list[BatchRow]:
        """The exports, the latest first."""
        with self._database.reading() as session:
            rows = list(
                session.scalars(sa.select(BatchRow).order_by(BatchRow.id.desc()).limit(limit))
            )
            session.expunge_all()
            return rows

    def find(self, batch_id: int) -> BatchRow | None:
        """An export."""
        with self._database.reading() as session:
            row = session.get(BatchRow, batch_id)
            session.expunge_all()
            return row

    def lines(self, batch_id: int) -> list[BatchLine]:
        """The reviews in an export, without those whose words were forgotten since."""
        mine = (
            sa.select(ReviewRow, BatchLineRow.fault)
            .join(BatchLineRow, BatchLineRow.review_id == ReviewRow.id)
            .where(BatchLineRow.batch_id == batch_id, ReviewRow.words != "")
        )
        with self._database.reading() as session:
            found = session.execute(mine.order_by(ReviewRow.id)).all()
            session.expunge_all()
            return [BatchLine(one[0], one[1]) for one in found]

    def begin(self, batch_id: int) -> bool:
        """Begin to measure; False where it is measured or somebody is at it."""
        died = sa.and_(BatchRow.state == MEASURING, BatchRow.begun < self._clock() - _LEASE)
        is_free = sa.or_(BatchRow.state.in_((QUEUED, FAILED)), died)
        change = sa.update(BatchRow).where(BatchRow.id == batch_id, is_free)
        return self._change(change.values(state=MEASURING, begun=self._clock(), fault=""))

    def measured(self, batch_id: int, report: dict[str, Any], faults: Mapping[int, str]) -> None:
        """Keep what was measured, and which lines break which rule."""
        with self._database.session() as session:
            for review_id, fault in faults.items():
                line = sa.update(BatchLineRow).where(
                    BatchLineRow.batch_id == batch_id, BatchLineRow.review_id == review_id
                )
                session.execute(line.values(fault=fault))
            done = sa.update(BatchRow).where(BatchRow.id == batch_id, BatchRow.state == MEASURING)
            session.execute(done.values(state=READY, measured=self._clock(), report=report))

    def failed(self, batch_id: int, fault: str) -> None:
        """Note why it could not be measured; it can be begun again."""
        change = sa.update(BatchRow).where(BatchRow.id == batch_id, BatchRow.state == MEASURING)
        self._change(change.values(state=FAILED, fault=fault[:200]))

    def accept(self, batch_id: int, staff: str) -> bool:
        """Accept what was measured; its lines are exported, and those that broke a rule too."""
        return self._decide(batch_id, staff, ACCEPTED, (READY,))

    def refuse(self, batch_id: int, staff: str) -> bool:
        """Refuse an export; its reviews stay accepted, for another one."""
        return self._decide(batch_id, staff, REFUSED, (READY, FAILED, QUEUED))

    def _decide(self, batch_id: int, staff: str, state: str, before: tuple[str, ...]) -> bool:
        given = {"state": state, "decided_by": staff, "decided": self._clock()}
        change = sa.update(BatchRow).where(BatchRow.id == batch_id, BatchRow.state.in_(before))
        with self._database.session() as session:
            made = session.execute(change.values(**given).returning(BatchRow.id)).first()
            if made is not None and state == ACCEPTED:
                mine = sa.select(BatchLineRow.review_id).where(BatchLineRow.batch_id == batch_id)
                done = sa.update(ReviewRow).where(ReviewRow.id.in_(mine))
                session.execute(done.values(state=EXPORTED))
            return made is not None

    def _change(self, change: sa.Update) -> bool:
        with self._database.session() as session:
            return session.execute(change.returning(BatchRow.id)).first() is not None
