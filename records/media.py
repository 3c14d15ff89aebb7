"""Files that citizens send: promised a place, fetched, kept encrypted, passed on, forgotten.

Nothing here reads what is in a file. What a file is for stands in its `draft_id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from records.media_tables import MediaRow
from records.submissions import REFUSED as SUBMISSION_REFUSED
from records.submissions import SENT
from records.tables import DraftRow, SubmissionRow

WANTED: Final = "wanted"
KEPT: Final = "kept"
REFUSED: Final = "refused"
PASSED_ON: Final = "passed_on"
_SETTLED: Final = (SENT, SUBMISSION_REFUSED)
# What was promised a place just now may belong to a draft that is still being written.
_GRACE: Final = timedelta(hours=1)


def media_context(media_id: str) -> str:
    """The context in which what is known of a file, and the file, are sealed and opened."""
    return f"media|{media_id}"


@dataclass(frozen=True, slots=True)
class Promised:
    """A file that gets a place; `sealed` says where it lies, in `media_context(id)`."""

    id: str
    person_key: str
    number_key: str
    draft_id: str
    channel: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class LeasedMedia:
    """A file to work on now; `attempts` counts this lease too."""

    id: str
    person_key: str
    number_key: str
    draft_id: str
    channel: str
    content_type: str
    sealed: bytes
    attempts: int
    created: datetime


@dataclass(frozen=True, slots=True)
class ToPassOn:
    """A file for the registry, by its reference for what the file belongs to, and by ours."""

    file: LeasedMedia
    application: str
    reference: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file on its way to the registry, for an operator: nothing that says whose it is."""

    reference: str
    content_type: str
    size: int
    created: datetime
    attempts: int
    last_error: str


class MediaStore:
    """The files of everybody. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def promise(self, files: list[Promised], most: int) -> int:
        """Give files a place with what is filled in, up to `most` in all; how many found one.

        A file that has its place already keeps it and counts as one.
        """
        if not files:
            return 0
        now, draft_id = self._clock(), files[0].draft_id
        with self._database.session() as session:
            queue_up(session, f"media|{draft_id}")
            known = set(session.scalars(_ids(draft_id)))
            placed = 0
            for file in files:
                if file.id not in known:
                    if len(known) >= most:
                        break
                    known.add(file.id)
                    session.add(_row(file, now))
                placed += 1
            return placed

    def count(self, draft_id: str) -> int:
        """How many files there are with what is filled in, refused ones left out."""
        count = sa.select(sa.func.count()).select_from(_ids(draft_id).subquery())
        with self._database.reading() as session:
            return session.scalars(count).one()

    def lease_wanted(self, limit: int, lease_seconds: float) -> list[LeasedMedia]:
        """Take up to `limit` files that lie at their provider, those due longest."""
        return self._lease(MediaRow.state == WANTED, limit, lease_seconds)

    def lease_to_pass_on(self, limit: int, lease_seconds: float) -> list[ToPassOn]:
        """Take up to `limit` files of what the registry has, those due longest."""
        leased = self._lease(_is_to_pass_on(), limit, lease_seconds)
        keys = {one.draft_id for one in leased}
        named = sa.select(SubmissionRow).where(SubmissionRow.idempotency_key.in_(keys))
        with self._database.reading() as session:
            known = {row.idempotency_key: row for row in session.scalars(named)}
            return [
                ToPassOn(one, row.registry_reference, row.reference)
                for one in leased
                if (row := known.get(one.draft_id))
            ]

    def to_pass_on(self, limit: int = 1000) -> list[Paper]:
        """The files that the registry does not have yet though it has what they belong to."""
        belongs = SubmissionRow.idempotency_key == MediaRow.draft_id
        wanted = sa.select(MediaRow, SubmissionRow.reference).join(SubmissionRow, belongs)
        wanted = wanted.where(_is_to_pass_on()).order_by(MediaRow.created).limit(limit)
        with self._database.reading() as session:
            return [_paper(row, reference) for row, reference in session.execute(wanted)]

    def content(self, media_id: str) -> bytes:
        """What was kept of a file, encrypted; empty where there is nothing."""
        wanted = sa.select(MediaRow.content).where(MediaRow.id == media_id)
        with self._database.reading() as session:
            return session.scalar(wanted) or b""

    def keep(
        self, media_id: str, content_type: str, size: int, sealed: bytes, content: bytes
    ) -> bool:
        """Keep a file that was fetched; False where nobody wants it any more."""
        return self._settle(
            media_id,
            WANTED,
            KEPT,
            content_type=content_type,
            size=size,
            sealed=sealed,
            content=content,
        )

    def refuse(self, media_id: str, why: str) -> bool:
        """Note that a file cannot be taken; False where nobody wants it any more."""
        return self._settle(media_id, WANTED, REFUSED, outcome=why, sealed=b"", content=b"")

    def passed_on(self, media_id: str, outcome: str = "") -> bool:
        """Note that the registry has a file, or will never take it, and destroy it here.

        False where that was done, or the file was erased.
        """
        return self._settle(media_id, KEPT, PASSED_ON, outcome=outcome, sealed=b"", content=b"")

    def failed(self, media_id: str, code: str, retry_at: datetime) -> None:
        """Note a failure by its code, to be tried again from `retry_at` on."""
        again = {"leased_until": None, "outcome": code, "not_before": retry_at}
        with self._database.session() as session:
            session.execute(sa.update(MediaRow).where(MediaRow.id == media_id).values(**again))

    def forget(self, days: int) -> int:
        """Delete what belongs to nothing any more, and what is older; how many there were.

        What is being filled in or on its way to the registry keeps its files, however old they are.
        """
        now = self._clock()
        has_draft = sa.exists().where(DraftRow.id == MediaRow.draft_id)
        handed_in = SubmissionRow.idempotency_key == MediaRow.draft_id
        is_on_its_way = sa.exists().where(handed_in, SubmissionRow.state.not_in(_SETTLED))
        is_needed = sa.or_(has_draft, is_on_its_way)
        is_over = sa.or_(~_is_to_pass_on(), MediaRow.created < now - timedelta(days=days))
        gone = sa.delete(MediaRow).where(MediaRow.created < now - _GRACE, ~is_needed, is_over)
        with self._database.session() as session:
            return len(session.execute(gone.returning(MediaRow.id)).all())

    def _lease(
        self, condition: sa.ColumnElement[bool], limit: int, seconds: float
    ) -> list[LeasedMedia]:
        now = self._clock()
        is_free = sa.or_(MediaRow.leased_until.is_(None), MediaRow.leased_until <= now)
        due = (
            sa.select(MediaRow)
            .where(condition, MediaRow.not_before <= now, is_free)
            .order_by(MediaRow.not_before, MediaRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=MediaRow)
        )
        with self._database.session() as session:
            rows = session.scalars(due).all()
            for row in rows:
                row.leased_until = now + timedelta(seconds=seconds)
                row.attempts += 1
            return [_leased(row) for row in rows]

    def _settle(self, media_id: str, before: str, after: str, **values: object) -> bool:
        mine = (MediaRow.id == media_id, MediaRow.state == before)
        now = self._clock()
        change = sa.update(MediaRow).where(*mine)
        change = change.values(
            state=after, leased_until=None, settled=now, not_before=now, attempts=0, **values
        )
        with self._database.session() as session:
            return session.execute(change.returning(MediaRow.id)).first() is not None


def _is_to_pass_on() -> sa.ColumnElement[bool]:
    """Kept here, and what it belongs to is at the registry."""
    has_arrived = sa.exists().where(
        SubmissionRow.idempotency_key == MediaRow.draft_id, SubmissionRow.state == SENT
    )
    return sa.and_(MediaRow.state == KEPT, has_arrived.correlate(MediaRow))


def _ids(draft_id: str) -> sa.Select[str]:
    return sa.select(MediaRow.id).where(MediaRow.draft_id == draft_id, MediaRow.state != REFUSED)


def _row(file: Promised, now: datetime) -> MediaRow:
    return MediaRow(
        id=file.id,
        person_key=file.person_key,
        number_key=file.number_key,
        draft_id=file.draft_id,
        channel=file.channel,
        sealed=file.sealed,
        created=now,
        not_before=now,
    )


def _leased(row: MediaRow) -> LeasedMedia:
    return LeasedMedia(
        id=row.id,
        person_key=row.person_key,
        number_key=row.number_key,
        draft_id=row.draft_id,
        channel=row.channel,
        content_type=row.content_type,
        sealed=row.sealed,
        attempts=row.attempts,
        created=row.created,
    )


def _paper(row: MediaRow, reference: str) -> Paper:
    return Paper(
        reference=reference,
        content_type=row.content_type,
        size=row.size,
        created=row.created,
        attempts=row.attempts,
        last_error=row.outcome,
    )
