"""Handing in: what a citizen sent is here for good before they see its reference.

Whoever sends it to the registry drains the same table, `submissions`, exactly once for each
idempotency key. Handed in again under its key it is the same one, under the reference it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from records.tables import DraftRow, SubmissionRow

_APPLICATION: Final = "application"
# As records/submissions.py has it, which builds on this.
_REFUSED: Final = "refused"


def submission_context(idempotency_key: str) -> str:
    """The context in which what is handed in is sealed and opened (core.privacy.Seal)."""
    return f"submission|{idempotency_key}"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Something handed in. `kind` is application, complaint or contact.

    `idempotency_key` is the id of the draft it was; `sealed` holds what the registry's operation
    takes (actions/registry/shapes.py) as JSON. An empty `person_key` is nobody verified.
    """

    idempotency_key: str
    reference: str
    person_key: str
    number_key: str
    kind: str
    programme: str
    sealed: bytes
    language: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """How something handed in stands, without what it holds."""

    reference: str
    person_key: str
    number_key: str
    kind: str
    programme: str
    state: str
    registry_reference: str
    created: datetime


class Applications:
    """What was handed in. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def hand_in(self, given: HandedIn) -> str:
        """Keep what is handed in and forget its draft, both or neither; its reference.

        What was handed in under the same key before keeps the reference it got then.
        """
        now = self._clock()
        with self._database.session() as session:
            queue_up(session, submission_context(given.idempotency_key))
            session.execute(sa.delete(DraftRow).where(DraftRow.id == given.idempotency_key))
            mine = SubmissionRow.idempotency_key == given.idempotency_key
            known = session.scalar(sa.select(SubmissionRow.reference).where(mine))
            if known is not None:
                return known
            session.add(
                SubmissionRow(
                    idempotency_key=given.idempotency_key,
                    reference=given.reference,
                    person_key=given.person_key,
                    number_key=given.number_key,
                    kind=given.kind,
                    programme=given.programme,
                    sealed=given.sealed,
                    language=given.language,
                    created=now,
                    not_before=now,
                )
            )
            return given.reference

    def under(self, idempotency_key: str) -> Submission | None:
        """What was handed in under a key, or None."""
        return self._find(SubmissionRow.idempotency_key == idempotency_key)

    def by_reference(self, reference: str) -> Submission | None:
        """What was handed in under a reference of ours, or None."""
        return self._find(SubmissionRow.reference == reference)

    def of(self, person_key: str) -> list[Submission]:
        """What a person handed in, the newest first."""
        mine = sa.select(SubmissionRow).where(SubmissionRow.person_key == person_key)
        with self._database.reading() as session:
            return [
                _submission(row) for row in session.scalars(mine.order_by(SubmissionRow.id.desc()))
            ]

    def lately(self, person_key: str, programme: str, since: datetime) -> Submission | None:
        """The last application of a person for a programme since then, or None.

        What the registry refused is none: it may be asked for again.
        """
        return self._find(
            SubmissionRow.person_key == person_key,
            SubmissionRow.programme == programme,
            SubmissionRow.kind == _APPLICATION,
            SubmissionRow.state != _REFUSED,
            SubmissionRow.created >= since,
        )

    def _find(self, *conditions: sa.ColumnElement[bool]) -> Submission | None:
        newest = sa.select(SubmissionRow).where(*conditions).order_by(SubmissionRow.id.desc())
        with self._database.reading() as session:
            row = session.scalars(newest).first()
            return _submission(row) if row else None


def _submission(row: SubmissionRow) -> Submission:
    return Submission(
        row.reference,
        row.person_key,
        row.number_key,
        row.kind,
        row.programme,
        row.state,
        row.registry_reference,
        row.created,
    )
