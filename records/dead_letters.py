"""What staff see of messages that wait or were given up, and what they can do about them.

Nobody reads here what a message says or to which number it goes: neither leaves its seal.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database
from records.message_tables import OutboxMessage

STUCK: Final = ("queued", "answered", "held", "dead")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as staff see it; `has_content` tells that it can still be sent."""

    id: int
    channel: str
    purpose: str
    state: str
    status: str
    code: str
    attempts: int
    segments: int
    created: datetime
    not_before: datetime
    number_key: str
    has_content: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages of a channel are in a state with a code, in how many SMS, since when."""

    channel: str
    state: str
    code: str
    count: int
    segments: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ones are asked for: an empty field asks for all. `older` is an age."""

    states: tuple[str, ...] = ()
    code: str = ""
    channel: str = ""
    older: timedelta = timedelta()
    limit: int = 50


class DeadLetters:
    """The outbox as staff handle it. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def stuck(self, wanted: Wanted) -> Sequence[Letter]:
        """The messages asked for, the oldest first."""
        chosen: list[sa.ColumnElement[bool]] = [OutboxMessage.state.in_(wanted.states or STUCK)]
        if wanted.code:
            chosen.append(OutboxMessage.last_error == wanted.code)
        if wanted.channel:
            chosen.append(OutboxMessage.channel == wanted.channel)
        if wanted.older:
            chosen.append(OutboxMessage.created <= self._clock() - wanted.older)
        rows = sa.select(OutboxMessage).where(*chosen).order_by(OutboxMessage.id)
        with self._database.reading() as session:
            return [_letter(message) for message in session.scalars(rows.limit(wanted.limit))]

    def counts(self) -> list[Count]:
        """All messages, counted by channel, state and code."""
        by = (OutboxMessage.channel, OutboxMessage.state, OutboxMessage.last_error)
        counted = sa.select(
            *by,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(OutboxMessage.segments), 0),
            sa.func.min(OutboxMessage.created),
        ).group_by(*by)
        with self._database.reading() as session:
            return [Count(*row) for row in session.execute(counted.order_by(*by))]

    def find(self, message_id: int) -> Letter | None:
        """One message, or None."""
        with self._database.reading() as session:
            found = session.get(OutboxMessage, message_id)
            return _letter(found) if found else None

    def retry(self, ids: Collection[int]) -> int:
        """Have messages sent that were given up, are held, or wait for their time; how many are.

        One whose content is gone cannot be sent any more.
        """
        chosen = sa.update(OutboxMessage).where(
            OutboxMessage.id.in_(ids),
            OutboxMessage.state.in_(["dead", "held", "queued"]),
            OutboxMessage.sealed != b"",
            self._is_free(),
        )
        fresh = {"state": "queued", "not_before": self._clock(), "refusals": 0, "settled": None}
        return self._count(chosen.values(created=self._clock(), **fresh))

    def drop(self, ids: Collection[int]) -> int:
        """Give messages up for good and destroy their content; how many there were."""
        chosen = sa.update(OutboxMessage).where(
            OutboxMessage.id.in_(ids),
            OutboxMessage.state.in_(["dead", "held", "queued"]),
            self._is_free(),
        )
        over = {"state": "dead", "sealed": b"", "last_error": "dropped", "settled": self._clock()}
        return self._count(chosen.values(**over))

    def _is_free(self) -> sa.ColumnElement[bool]:
        now = self._clock()
        return sa.or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now)

    def _count(self, change: sa.Update) -> int:
        with self._database.session() as session:
            return len(session.execute(change.returning(OutboxMessage.id)).all())


def _letter(message: OutboxMessage) -> Letter:
    return Letter(
        id=message.id,
        channel=message.channel,
        purpose=message.purpose,
        state=message.state,
        status=message.status,
        code=message.last_error,
        attempts=message.attempts,
        segments=message.segments,
        created=message.created,
        not_before=message.not_before,
        number_key=message.recipient_key,
        has_content=bool(message.sealed),
    )
