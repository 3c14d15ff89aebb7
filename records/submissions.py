"""What was handed in, on its way to the registry: leased, sent, tried again, refused or stuck.

What one person handed in goes in its order. It goes once: the registry answers the same receipt for
the same idempotency key, so a worker that dies before it noted a receipt does no harm. What is
stuck keeps its content, waits for an operator and holds back nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from records.applications import Submission
from records.clock import Clock, utc_now
from records.database import Database
from records.tables import QUEUED, SubmissionRow

SENT: Final = "sent"
REFUSED: Final = "refused"
STUCK: Final = "stuck"


@dataclass(frozen=True, slots=True)
class LeasedSubmission:
    """A submission to send now; `attempts` counts this lease too, `last_try` was the one before.

    `sealed` opens in the context `records.applications.submission_context(idempotency_key)`.
    """

    id: int
    idempotency_key: str
    reference: str
    number_key: str
    kind: str
    programme: str
    sealed: bytes
    attempts: int
    created: datetime
    last_try: datetime | None
    own_failures: int
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a submission stands, for an operator: nothing that says whose it is."""

    reference: str
    kind: str
    programme: str
    state: str
    created: datetime
    attempts: int
    last_error: str


class Submissions:
    """The way of all that was handed in. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def lease(self, limit: int, lease_seconds: float) -> list[LeasedSubmission]:
        """Take up to `limit` that are due, the first of each person only, those due longest.

        Nobody else is given them until they are settled or the lease is over.
        """
        now = self._clock()
        earlier = aliased(SubmissionRow)
        is_behind = sa.exists().where(
            earlier.state == QUEUED,
            earlier.person_key == SubmissionRow.person_key,
            earlier.person_key != "",
            earlier.id < SubmissionRow.id,
        )
        is_free = sa.or_(SubmissionRow.leased_until.is_(None), SubmissionRow.leased_until <= now)
        due = (
            sa.select(SubmissionRow)
            .where(SubmissionRow.state == QUEUED, SubmissionRow.not_before <= now, is_free)
            .where(~is_behind)
            .order_by(SubmissionRow.not_before, SubmissionRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=SubmissionRow)
        )
        with self._database.session() as session:
            rows = session.scalars(due).all()
            last_tries = [row.tried for row in rows]
            for row in rows:
                row.leased_until = now + timedelta(seconds=lease_seconds)
                row.attempts += 1
                row.tried = now
            return [_leased(row, tried) for row, tried in zip(rows, last_tries, strict=True)]

    def sent(self, submission_id: int, registry_reference: str, within: Session) -> bool:
        """Settle what the registry has, and destroy its content; False where that was done."""
        given = {"registry_reference": registry_reference, "last_error": "", "sealed": b""}
        return self._settle(submission_id, within, state=SENT, **given)

    def refused(self, submission_id: int, reason: str, keep: bool, within: Session) -> bool:
        """Settle what the registry will never take; its content stays only with `keep`."""
        content = {} if keep else {"sealed": b""}
        return self._settle(submission_id, within, state=REFUSED, last_error=reason, **content)

    def failed(
        self, leased: LeasedSubmission, code: str, retry_at: datetime | None, is_own: bool = False
    ) -> None:
        """Note a failure by its code: to be tried again from `retry_at` on, or stuck (None).

        `is_own` counts it as a fault of this one. A late word from a lease that ran out does not
        disturb the one that followed it.
        """
        mine = (
            SubmissionRow.id == leased.id,
            SubmissionRow.state == QUEUED,
            SubmissionRow.attempts == leased.attempts,
        )
        noted: dict[str, object] = {"leased_until": None, "last_error": code}
        noted["own_failures"] = SubmissionRow.own_failures + int(is_own)
        noted |= {"state": STUCK} if retry_at is None else {"not_before": retry_at}
        with self._database.session() as session:
            session.execute(sa.update(SubmissionRow).where(*mine).values(**noted))

    def lives(self, submission_id: int, region: str, area: str) -> None:
        """Note in which region, and in what kind of place, who handed it in lives."""
        mine = sa.update(SubmissionRow).where(SubmissionRow.id == submission_id)
        with self._database.session() as session:
            session.execute(mine.values(region=region, area=area))

    def has_arrived_since(self, moment: datetime) -> bool:
        """Whether the registry has taken anything since then."""
        others = sa.exists().where(SubmissionRow.state == SENT, SubmissionRow.settled >= moment)
        with self._database.reading() as session:
            return bool(session.scalar(sa.select(others)))

    def standing(self, state: str, limit: int = 1000) -> list[Standing]:
        """Those in a state (queued, stuck, …), the oldest first."""
        wanted = sa.select(SubmissionRow).where(SubmissionRow.state == state)
        with self._database.reading() as session:
            rows = session.scalars(wanted.order_by(SubmissionRow.id).limit(limit))
            return [_standing(row) for row in rows]

    def count(self) -> dict[str, int]:
        """How many there are in each state."""
        each = sa.select(SubmissionRow.state, sa.func.count()).group_by(SubmissionRow.state)
        with self._database.reading() as session:
            return {row[0]: row[1] for row in session.execute(each)}

    def retry(self, reference: str = "") -> int:
        """Queue what is stuck again, or what waits for its next try; all without a reference.

        Returns how many there were.
        """
        which = sa.and_(
            SubmissionRow.state.in_(("queued", STUCK)),
            SubmissionRow.leased_until.is_(None),
            SubmissionRow.reference == reference if reference else sa.true(),
        )
        again = {"state": "queued", "not_before": self._clock(), "own_failures": 0}
        with self._database.session() as session:
            change = sa.update(SubmissionRow).where(which).values(**again)
            return len(session.execute(change.returning(SubmissionRow.id)).all())

    def find(self, reference: str) -> Submission | None:
        """What was handed in under a reference, ours or the registry's, or None."""
        either = sa.or_(
            SubmissionRow.reference == reference, SubmissionRow.registry_reference == reference
        )
        found = self._select(sa.and_(SubmissionRow.reference != "", either)) if reference else []
        return found[0] if found else None

    def waiting_of(self, person_key: str) -> list[Submission]:
        """What a person handed in and the registry is not known to have, the newest first."""
        mine = SubmissionRow.person_key == person_key
        is_here = SubmissionRow.state.in_(("queued", STUCK))
        return self._select(sa.and_(mine, is_here)) if person_key else []

    def waiting(self) -> int:
        """How many are not settled yet, leased ones included."""
        count = sa.select(sa.func.count()).select_from(SubmissionRow)
        with self._database.reading() as session:
            return session.scalars(count.where(SubmissionRow.state == QUEUED)).one()

    def forget_refused(self, days: int) -> int:
        """Destroy what is left of what was refused over `days` ago; how many there were."""
        old = (
            SubmissionRow.state == REFUSED,
            SubmissionRow.settled < self._clock() - timedelta(days=days),
            SubmissionRow.sealed != b"",
        )
        with self._database.session() as session:
            change = sa.update(SubmissionRow).where(*old).values(sealed=b"")
            return len(session.execute(change.returning(SubmissionRow.id)).all())

    def _settle(self, submission_id: int, within: Session, **values: object) -> bool:
        mine = (SubmissionRow.id == submission_id, SubmissionRow.state == QUEUED)
        change = sa.update(SubmissionRow).where(*mine)
        change = change.values(leased_until=None, settled=self._clock(), **values)
        return within.execute(change.returning(SubmissionRow.id)).first() is not None

    def _select(self, condition: sa.ColumnElement[bool]) -> list[Submission]:
        wanted = sa.select(SubmissionRow).where(condition).order_by(SubmissionRow.id.desc())
        with self._database.reading() as session:
            return [_submission(row) for row in session.scalars(wanted)]


def _leased(row: SubmissionRow, last_try: datetime | None) -> LeasedSubmission:
    return LeasedSubmission(
        id=row.id,
        idempotency_key=row.idempotency_key,
        reference=row.reference,
        number_key=row.number_key,
        kind=row.kind,
        programme=row.programme,
        sealed=row.sealed,
        attempts=row.attempts,
        created=row.created,
        last_try=last_try,
        own_failures=row.own_failures,
        last_error=row.last_error,
    )


def _standing(row: SubmissionRow) -> Standing:
    return Standing(
        reference=row.reference,
        kind=row.kind,
        programme=row.programme,
        state=row.state,
        created=row.created,
        attempts=row.attempts,
        last_error=row.last_error,
    )


def _submission(row: SubmissionRow) -> Submission:
    return Submission(
        reference=row.reference,
        person_key=row.person_key,
        number_key=row.number_key,
        kind=row.kind,
        programme=row.programme,
        state=row.state,
        registry_reference=row.registry_reference,
        created=row.created,
    )
