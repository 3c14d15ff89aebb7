"""Notices: changes that somebody is to be told of, once each, not before their time.

They wait here and not in the outbox, because there a message that waits for the morning would hold
back the answers to what its recipient asks meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent
from records.tables import QUEUED, NoticeRow

TOLD: Final = "told"
DROPPED: Final = "dropped"


def notice_context(event_key: str, person_key: str) -> str:
    """The context in which a notice is sealed and opened (core.privacy.Seal)."""
    return f"notice|{event_key}|{person_key}"


@dataclass(frozen=True, slots=True)
class LeasedNotice:
    """A notice to tell now; `attempts` counts this lease too."""

    id: int
    event_key: str
    person_key: str
    sealed: bytes
    attempts: int
    created: datetime


class Notices:
    """What waits to be told, and the traces. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(
        self,
        event_key: str,
        person_key: str,
        sealed: bytes,
        not_before: datetime,
        within: Session | None = None,
    ) -> None:
        """Keep a notice, sealed in `notice_context`; one that is here already stays as it is.

        With `within`, it exists only if that transaction is committed.
        """
        with self._database.session(within) as session:
            insert_if_absent(
                session,
                NoticeRow,
                event_key=event_key,
                person_key=person_key,
                sealed=sealed,
                state="queued",
                created=self._clock(),
                not_before=not_before,
                attempts=0,
                outcome="",
            )

    def lease(self, limit: int, lease_seconds: float) -> list[LeasedNotice]:
        """Take up to `limit` that are due, the first of each person only, those due longest.

        Nobody else is given them until they are settled or the lease is over.
        """
        now = self._clock()
        earlier = aliased(NoticeRow)
        is_behind = sa.exists().where(
            earlier.state == QUEUED,
            earlier.person_key == NoticeRow.person_key,
            earlier.person_key != "",
            earlier.id < NoticeRow.id,
        )
        is_free = sa.or_(NoticeRow.leased_until.is_(None), NoticeRow.leased_until <= now)
        due = (
            sa.select(NoticeRow)
            .where(NoticeRow.state == QUEUED, NoticeRow.not_before <= now, is_free)
            .where(~is_behind)
            .order_by(NoticeRow.not_before, NoticeRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=NoticeRow)
        )
        with self._database.session() as session:
            rows = session.scalars(due).all()
            for row in rows:
                row.leased_until = now + timedelta(seconds=lease_seconds)
                row.attempts += 1
            return [
                LeasedNotice(
                    row.id, row.event_key, row.person_key, row.sealed, row.attempts, row.created
                )
                for row in rows
            ]

    def told(self, notice_id: int, outcome: str, within: Session) -> bool:
        """Settle a notice whose message stands in the outbox; False where that was done."""
        return self._settle(notice_id, TOLD, outcome, within)

    def dropped(self, notice_id: int, outcome: str) -> None:
        """Settle a notice that nobody is told, with a code for why."""
        with self._database.session() as session:
            self._settle(notice_id, DROPPED, outcome, session)

    def wait(self, notice_id: int, until: datetime, attempt: int) -> None:
        """Let a notice wait; `attempt` are the `attempts` of the lease that says so."""
        mine = (
            NoticeRow.id == notice_id,
            NoticeRow.state == QUEUED,
            NoticeRow.attempts == attempt,
        )
        change = sa.update(NoticeRow).where(*mine).values(leased_until=None, not_before=until)
        with self._database.session() as session:
            session.execute(change)

    def waiting(self) -> int:
        """How many are not settled yet, leased ones included."""
        count = sa.select(sa.func.count()).select_from(NoticeRow)
        with self._database.reading() as session:
            return session.scalars(count.where(NoticeRow.state == QUEUED)).one()

    def _settle(self, notice_id: int, state: str, outcome: str, session: Session) -> bool:
        change = sa.update(NoticeRow).where(NoticeRow.id == notice_id, NoticeRow.state == QUEUED)
        change = change.values(
            state=state, outcome=outcome, sealed=b"", leased_until=None, settled=self._clock()
        )
        return session.execute(change.returning(NoticeRow.id)).first() is not None
