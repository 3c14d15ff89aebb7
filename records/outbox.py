"""The outbox: messages to citizens, in order for each recipient on each channel, until they went.

A message that waits for another try holds back the later ones of its recipient on its channel, and
nobody else's. What became of it once it went is in `records/outcomes.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from records.message_tables import ANSWERED, HELD, OutboxMessage, is_waiting
from records.statuses import FAILED
from records.table import QUEUED

# What a message is for. An answer was asked for; a receipt goes out beside one; a notice is of our
# own accord, and what wakes asks the citizen to write first.
ANSWER: Final = "answer"
RECEIPT: Final = "receipt"
NOTICE: Final = "notice"
WAKING: Final = "waking"


def seal_context(recipient_key: str) -> str:
    """The context in which a message of this recipient is sealed and opened (core.privacy.Seal)."""
    return f"outbox|{recipient_key}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to keep, sealed in `seal_context`. Of one `cause` only the first is kept."""

    sealed: bytes
    cause: str = ""
    purpose: str = ANSWER
    segments: int = 0


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message as it stands; of a leased one `attempts` counts this lease too.

    `unsure_since` is set where an earlier try ended nobody knows how.
    """

    id: int
    recipient_key: str
    sequence: int
    channel: str
    sealed: bytes
    attempts: int
    created: datetime
    state: str = "queued"
    purpose: str = ANSWER
    segments: int = 0
    refusals: int = 0
    provider_id: str = ""
    status: str = ""
    last_error: str = ""
    unsure_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an answer: the ids of what may be said at once, and how many wait instead."""

    at_once: tuple[int, ...] = ()
    waiting: int = 0


class Outbox:
    """The messages that wait. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(
        self, recipient_key: str, channel: str, sealed: bytes, within: Session | None = None
    ) -> int:
        """Queue one message behind the recipient's others and return its id: see `put`."""
        return self.put(recipient_key, channel, [Draft(sealed)], within)[0]

    def put(
        self,
        recipient_key: str,
        channel: str,
        drafts: Sequence[Draft],
        within: Session | None = None,
        is_held: bool = False,
    ) -> list[int]:
        """Queue messages behind the recipient's others, or hold them, and return their ids.

        With `within`, they exist only if that transaction is committed. One whose cause is there
        already is left out.
        """
        with self._database.session(within) as session:
            # Without the queue a later number could be committed, and sent, before an earlier one.
            queue_up(session, f"outbox|{recipient_key}")
            new = [d for d in drafts if not _is_caused(session, recipient_key, d.cause)]
            state = "held" if is_held else "queued"
            return self._insert(session, recipient_key, channel, new, state, self._clock())

    def unconfirmed(self, recipient_key: str, channel: str) -> list[int]:
        """The messages of a recipient that an answer carried and nobody confirmed yet."""
        mine = sa.select(OutboxMessage.id).where(
            *_to(recipient_key, channel), OutboxMessage.state == ANSWERED
        )
        with self._database.reading() as session:
            return list(session.scalars(mine))

    def answer(
        self,
        recipient_key: str,
        channel: str,
        drafts: Sequence[Draft],
        confirm_by: datetime | None,
        confirmed: Collection[int] = (),
    ) -> Kept:
        """Keep the answer to a message: said at once where nothing waits before it, else queued.

        What was held until the citizen writes goes before it. With `confirm_by` the answer may be
        said at once, and is sent again where it is not confirmed by then; without, it is queued.
        `confirmed` are messages known to have gone, whatever the records say of them yet. An answer
        whose cause was answered before is left out.
        """
        with self._database.session() as session:
            queue_up(session, f"outbox|{recipient_key}")
            released = self._release(session, recipient_key, channel)
            new = [d for d in drafts if not _is_caused(session, recipient_key, d.cause)]
            before = sa.select(OutboxMessage.id).where(
                *_to(recipient_key, channel), is_waiting(OutboxMessage)
            )
            is_empty = not set(session.scalars(before)) - set(confirmed)
            if confirm_by is not None and is_empty:
                ids = self._insert(session, recipient_key, channel, new, "answered", confirm_by)
                return Kept(tuple(ids))
            ids = self._insert(session, recipient_key, channel, new, "queued", self._clock())
            return Kept(waiting=released + len(ids))

    def lease(
        self, limit: int, lease_seconds: float, without: Collection[str] = ()
    ) -> list[OutboxRow]:
        """Take up to `limit` due messages, the first of each recipient only, those due longest.

        Nobody else is given them until they are settled or the lease is over. Channels named in
        `without` are left alone.
        """
        now = self._clock()
        earlier = aliased(OutboxMessage)
        is_head = ~sa.exists().where(
            is_waiting(earlier),
            earlier.recipient_key == OutboxMessage.recipient_key,
            earlier.channel == OutboxMessage.channel,
            earlier.sequence < OutboxMessage.sequence,
        )
        is_free = sa.or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now)
        heads = (
            sa.select(OutboxMessage)
            .where(OutboxMessage.state == QUEUED, OutboxMessage.not_before <= now, is_free, is_head)
            .where(OutboxMessage.channel.not_in(without))
            .order_by(OutboxMessage.not_before, OutboxMessage.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=OutboxMessage)
        )
        with self._database.session() as session:
            rows = []
            for message in session.scalars(heads).all():
                message.leased_until = now + timedelta(seconds=lease_seconds)
                message.attempts += 1
                rows.append(row_of(message))
                # Whoever takes this lease may die in the middle of it.
                message.unsure_since = message.unsure_since or now
            return rows

    def sent(
        self, message_id: int, provider_id: str, look_at: datetime | None = None, attempts: int = 0
    ) -> None:
        """Note that the provider took a message; what becomes of it is looked at from then on.

        What reports told before stays; a later try than the one of `attempts` is left alone.
        """
        now = self._clock()
        is_told = OutboxMessage.provider_id == provider_id
        has_failed = sa.and_(is_told, OutboxMessage.status.in_(sorted(FAILED)))
        taken = (
            sa.update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.state == QUEUED)
            .where(OutboxMessage.attempts == attempts if attempts else sa.true())
            .values(
                state="sent",
                provider_id=provider_id,
                status=sa.case((is_told, OutboxMessage.status), else_=""),
                unsure_since=None,
                leased_until=None,
                settled=now,
                not_before=sa.case((has_failed, now), else_=look_at or now),
            )
        )
        with self._database.session() as session:
            session.execute(taken)

    def waiting(self, recipient_key: str) -> int:
        """How many messages of a recipient did not go yet, leased ones included."""
        mine = sa.select(sa.func.count()).where(
            OutboxMessage.recipient_key == recipient_key, is_waiting(OutboxMessage)
        )
        with self._database.reading() as session:
            return session.scalars(mine).one()

    def last_of(
        self, recipient_key: str, channel: str, purpose: str, within: Session | None = None
    ) -> datetime | None:
        """When the last message of a purpose was made for a recipient, or None."""
        mine = sa.select(sa.func.max(OutboxMessage.created)).where(
            *_to(recipient_key, channel), OutboxMessage.purpose == purpose
        )
        with nullcontext(within) if within else self._database.reading() as session:
            return session.scalar(mine)

    def _release(self, session: Session, recipient_key: str, channel: str) -> int:
        held = (
            sa.update(OutboxMessage)
            .where(*_to(recipient_key, channel), OutboxMessage.state == HELD)
            .values(state="queued", not_before=self._clock(), refusals=0)
        )
        return len(session.execute(held.returning(OutboxMessage.id)).all())

    def _insert(
        self,
        session: Session,
        recipient_key: str,
        channel: str,
        drafts: Sequence[Draft],
        state: str,
        not_before: datetime,
    ) -> list[int]:
        mine = OutboxMessage.recipient_key == recipient_key
        last = session.scalar(sa.select(sa.func.max(OutboxMessage.sequence)).where(mine)) or 0
        messages = [
            OutboxMessage(
                recipient_key=recipient_key,
                sequence=last + place,
                channel=channel,
                sealed=draft.sealed,
                state=state,
                created=self._clock(),
                not_before=not_before,
                cause=draft.cause,
                purpose=draft.purpose,
                segments=draft.segments,
            )
            for place, draft in enumerate(drafts, 1)
        ]
        session.add_all(messages)
        session.flush()
        return [message.id for message in messages]


def row_of(message: OutboxMessage) -> OutboxRow:
    """The message as the others read it."""
    return OutboxRow(
        id=message.id,
        recipient_key=message.recipient_key,
        sequence=message.sequence,
        channel=message.channel,
        sealed=message.sealed,
        attempts=message.attempts,
        created=message.created,
        state=message.state,
        purpose=message.purpose,
        segments=message.segments,
        refusals=message.refusals,
        provider_id=message.provider_id,
        status=message.status,
        last_error=message.last_error,
        unsure_since=message.unsure_since,
    )


def _to(recipient_key: str, channel: str) -> tuple[sa.ColumnElement[bool], ...]:
    return OutboxMessage.recipient_key == recipient_key, OutboxMessage.channel == channel


def _is_caused(session: Session, recipient_key: str, cause: str) -> bool:
    if not cause:
        return False
    mine = sa.select(OutboxMessage.id).where(
        OutboxMessage.recipient_key == recipient_key, OutboxMessage.cause == cause
    )
    # The condition of the partial index.
    return session.scalar(mine.where(OutboxMessage.cause != "")) is not None
