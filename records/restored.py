"""What a restored database must not do by itself: send again what may have gone since its backup.

Whatever waited then may have been settled later; the records do not know any more. It is set aside
for staff to decide. Numbers of rows go on far behind those that may have been given since, because
a late report or a task may still name one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.audit import Audit
from records.clock import Clock, utc_now
from records.database import Database
from records.emergencies import EmergencyState
from records.message_tables import OutboxMessage
from records.submissions import STUCK
from records.tables import EmergencyRow, NoticeRow, SubmissionRow

CODE: Final = "restored"
NOTICE_HELD: Final = "held"
_FURTHER: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SetAside:
    """How much waits for a decision, by kind; `followed` messages had gone, to whatever end."""

    messages: int
    followed: int
    notices: int
    submissions: int
    emergencies: int


class Restored:
    """A database that was a backup a moment ago. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def set_aside(self) -> SetAside:
        """Send nothing that waits until somebody says so; where SQL fails, nothing is changed."""
        now = self._clock()
        out = OutboxMessage
        dead = {"state": "dead", "last_error": CODE, "settled": now, "leased_until": None}
        # Asked of its provider before it is sent after all (worker/sending.py).
        dead |= {"unsure_since": sa.func.coalesce(out.unsure_since, out.created)}
        gone = {"state": "done", "last_error": CODE, "sealed": b"", "leased_until": None}
        stuck = {"state": STUCK, "last_error": CODE, "leased_until": None}
        held = {"state": NOTICE_HELD, "outcome": CODE, "leased_until": None}
        approved = EmergencyRow.state == EmergencyState.APPROVED.value
        waiting = out.state.in_(("queued", "answered", "held"))
        with self._database.session() as session:
            counts = [
                _count(session, sa.update(out).where(waiting).values(dead), out.id),
                _count(session, sa.update(out).where(out.state == "sent").values(gone), out.id),
                _count(session, _queued(NoticeRow).values(held), NoticeRow.id),
                _count(session, _queued(SubmissionRow).values(stuck), SubmissionRow.id),
                _count(
                    session,
                    sa.update(EmergencyRow).where(approved).values(state=EmergencyState.PAUSED),
                    EmergencyRow.key,
                ),
            ]
        return SetAside(*counts)

    def held_notices(self) -> int:
        """How many notices wait for a decision."""
        held = sa.select(sa.func.count()).where(NoticeRow.state == NOTICE_HELD)
        with self._database.reading() as session:
            return session.scalars(held).one()

    def decide(self, is_told: bool, by: str) -> int:
        """Have all held notices told, or never; how many, which the audit notes too."""
        change = sa.update(NoticeRow).where(NoticeRow.state == NOTICE_HELD)
        now = self._clock()
        if is_told:
            change = change.values(state="queued", outcome="", not_before=now)
        else:
            change = change.values(state="dropped", sealed=b"", settled=now)
        word = "notices.told_after_all" if is_told else "notices.dropped"
        with self._database.session() as session:
            count = _count(session, change, NoticeRow.id)
            Audit(self._database).append(word, "", "", "", {"count": count, "by": by}, session)
        return count

    def number_further(self) -> None:
        """Let the numbers of new rows begin far behind those given after the backup."""
        with self._database.session() as session:
            if session.get_bind().dialect.name == "sqlite":
                session.execute(sa.text(_SQLITE_FURTHER), {"further": _FURTHER})
                return
            for name in session.scalars(sa.text(_SEQUENCES)).all():
                # The name is the catalogue's own, quoted there.
                last: sa.Select[int] = sa.select(sa.literal_column("last_value")).select_from(
                    sa.text(name)
                )
                further = last.scalar_subquery() + _FURTHER
                session.execute(sa.select(sa.func.setval(name, further)))


# A table without rows has no number yet, and may have given some since.
_SQLITE_FURTHER: Final = """
INSERT OR REPLACE INTO sqlite_sequence (rowid, name, seq)
SELECT known.rowid, made.name, coalesce(known.seq, 0) + :further
FROM sqlite_master AS made LEFT JOIN sqlite_sequence AS known ON known.name = made.name
WHERE made.type = 'table' AND made.sql LIKE '%AUTOINCREMENT%'
"""
_SEQUENCES: Final = """
SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename)
FROM pg_sequences WHERE schemaname = current_schema()
"""


def _queued(table: type[NoticeRow] | type[SubmissionRow]) -> sa.Update:
    return sa.update(table).where(table.state == "queued")


def _count(
    session: Session, change: sa.Update, key: sa.orm.attributes.QueryableAttribute[object]
) -> int:
    return len(session.execute(change.returning(key)).all())
