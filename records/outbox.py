"""The outbox: messages to citizens, kept until a provider took them, in order for each recipient.

A message that waits for another try holds back the later ones of its recipient and nobody else's.
Delivery is at least once: a worker that dies between sending and saying so causes a second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from records.tables import QUEUED, OutboxMessage


def seal_context(recipient_key: str) -> str:
    """The context in which a message of this recipient is sealed and opened (core.privacy.Seal)."""
    return f"outbox|{recipient_key}"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A leased message: `attempts` counts this lease too."""

    id: int
    recipient_key: str
    sequence: int
    channel: str
    sealed: bytes
    attempts: int
    created: datetime


class Outbox:
    """The messages that wait. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(
        self, recipient_key: str, channel: str, sealed: bytes, within: Session | None = None
    ) -> int:
        """Queue a message behind the recipient's others and return its id.

        `sealed` is made in the context `seal_context(recipient_key)`. With `within`, the message
        exists only if that transaction is committed.
        """
        with self._database.session(within) as session:
            # Without the queue a later number could be committed, and sent, before an earlier one.
            queue_up(session, f"outbox|{recipient_key}")
            mine = OutboxMessage.recipient_key == recipient_key
            last = session.scalar(sa.select(sa.func.max(OutboxMessage.sequence)).where(mine)) or 0
            now = self._clock()
            message = OutboxMessage(
                recipient_key=recipient_key,
                sequence=last + 1,
                channel=channel,
                sealed=sealed,
                created=now,
                not_before=now,
            )
            session.add(message)
            session.flush()
            return message.id

    def lease(self, limit: int, lease_seconds: float) -> list[OutboxRow]:
        """Take up to `limit` due messages, the first of each recipient only, those due longest.

        Nobody else is given them until they are settled or the lease is over.
        """
        now = self._clock()
        earlier = aliased(OutboxMessage)
        is_head = ~sa.exists().where(
            earlier.state == QUEUED,
            earlier.recipient_key == OutboxMessage.recipient_key,
            earlier.sequence < OutboxMessage.sequence,
        )
        is_free = sa.or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now)
        heads = (
            sa.select(OutboxMessage)
            .where(OutboxMessage.state == QUEUED, OutboxMessage.not_before <= now, is_free, is_head)
            .order_by(OutboxMessage.not_before, OutboxMessage.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=OutboxMessage)
        )
        with self._database.session() as session:
            messages = session.scalars(heads).all()
            for message in messages:
                message.leased_until = now + timedelta(seconds=lease_seconds)
                message.attempts += 1
            return [_row(message) for message in messages]

    def sent(self, message_id: int, provider_id: str) -> None:
        """Settle a message that the provider took; its sealed content is destroyed."""
        done = (
            sa.update(OutboxMessage)
            .where(OutboxMessage.id == message_id)
            .values(
                state="sent",
                sealed=b"",
                provider_id=provider_id,
                leased_until=None,
                settled=self._clock(),
            )
        )
        with self._database.session() as session:
            session.execute(done)

    def failed(
        self,
        message_id: int,
        code: str,
        retry_at: datetime | None,
        attempt: int | None = None,
    ) -> None:
        """Note a failure by its code: try again from `retry_at` on, or never (None).

        A settled message stays as it is; what is never tried again loses its content. With
        `attempt`, the `attempts` of the lease that failed, a late word from a lease that ran out
        does not disturb the one that followed it.
        """
        mine = [OutboxMessage.id == message_id, OutboxMessage.state == QUEUED]
        if attempt is not None:
            mine.append(OutboxMessage.attempts == attempt)
        values = {"leased_until": None, "last_error": code}
        if retry_at is None:
            # Nobody will send it any more: nobody needs what it says, and to which number.
            over = {"state": "dead", "sealed": b"", "settled": self._clock()}
            change = sa.update(OutboxMessage).values(**over, **values)
        else:
            change = sa.update(OutboxMessage).values(not_before=retry_at, **values)
        with self._database.session() as session:
            session.execute(change.where(*mine))

    def waiting(self, recipient_key: str) -> int:
        """How many messages of a recipient are not settled yet, leased ones included."""
        mine = sa.select(sa.func.count()).where(
            OutboxMessage.recipient_key == recipient_key, OutboxMessage.state == QUEUED
        )
        with self._database.reading() as session:
            return session.scalars(mine).one()


def _row(message: OutboxMessage) -> OutboxRow:
    return OutboxRow(
        message.id,
        message.recipient_key,
        message.sequence,
        message.channel,
        message.sealed,
        message.attempts,
        message.created,
    )
