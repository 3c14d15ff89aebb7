"""What becomes of a message: reported by its provider, looked up there, tried again or given up.

Every change is made only where the row still stands as its reader saw it: a late word of a lease
that ran out, or of an earlier try, changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records import statuses
from records.clock import Clock, utc_now
from records.database import Database
from records.message_tables import DEAD, DONE, HELD, OutboxMessage, is_followed, is_waiting
from records.outbox import OutboxRow, row_of

_LOOKED_AT_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Noted:
    """What a report brought: a message that `failed`, told once; whether another may go now.

    `reached` is the key of a recipient whom a message just reached, else empty.
    """

    failed: OutboxRow | None = None
    frees_another: bool = False
    reached: str = ""


class Outcomes:
    """The ends of messages, and the ways back. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def reported(
        self, channel: str, message_id: int | None, provider_id: str, status: str, code: str = ""
    ) -> Noted:
        """Take a provider's report.

        `message_id` is our own id, where the provider was told it. A report that is late, doubled,
        or about an earlier try of the same message changes nothing.
        """
        with self._database.session() as session:
            message = self._find(session, channel, message_id, provider_id)
            if message is None or not _is_of(message, provider_id, message_id is not None):
                return Noted()
            before = message.status if message.provider_id == provider_id else ""
            after = statuses.further(before, status)
            if after == before:
                return Noted()
            message.provider_id, message.status = provider_id, after
            was_waiting = message.state in ("queued", "answered")
            if message.state in ("done", "dead"):
                return Noted()
            if after in statuses.ARRIVED:
                self._end(message, "done")
            elif after not in statuses.FAILED:
                self._took(message)
            elif message.state == "queued":
                # Its sender does not know yet that it went; the look after that finds it failed.
                message.last_error = code
            else:
                message.last_error = code
                # Should its reader die before doing something about it, the next look finds it.
                message.not_before = self._clock() + _LOOKED_AT_FOR
                return Noted(row_of(message))
            reached = message.recipient_key if after in statuses.ARRIVED else ""
            return Noted(None, was_waiting and _is_followed_by_another(session, message), reached)

    def again(
        self,
        row: OutboxRow,
        code: str,
        at: datetime,
        *,
        is_refusal: bool = False,
        is_unsure: bool = False,
    ) -> bool:
        """Have a message tried again from `at` on; False where it stands otherwise by now.

        `is_refusal` counts it against the tries that are allowed. With `is_unsure` it stays open
        whether the last try arrived.
        """
        values: dict[str, Any] = {"state": "queued", "not_before": at, "last_error": code}
        if is_refusal:
            values["refusals"] = OutboxMessage.refusals + 1
        if not is_unsure:
            values["unsure_since"] = None
        return self._change(row, values | {"settled": None})

    def reword(self, row: OutboxRow, sealed: bytes, code: str) -> bool:
        """Have a message tried again at once with another content."""
        fresh = {"state": "queued", "sealed": sealed, "not_before": self._clock(), "settled": None}
        return self._change(row, fresh | {"last_error": code, "unsure_since": None})

    def hold(self, row: OutboxRow, code: str) -> bool:
        """Keep a message until the citizen writes."""
        held = {"state": "held", "last_error": code, "unsure_since": None, "settled": None}
        return self._change(row, held)

    def give_up(self, row: OutboxRow, code: str, keep: bool = False) -> bool:
        """Send a message no more. With `keep` its content stays, for staff to send it after all."""
        over: dict[str, Any] = {"state": "dead", "last_error": code, "settled": self._clock()}
        return self._change(row, over | {"unsure_since": None} | ({} if keep else {"sealed": b""}))

    def finish(self, row: OutboxRow) -> bool:
        """Ask no more what became of a message that the provider took."""
        return self._change(row, {"state": "done", "sealed": b""})

    def took(
        self, row: OutboxRow, provider_id: str, status: str, code: str, look_at: datetime
    ) -> bool:
        """Note that the provider was found to have a message, and what became of it there."""
        known: dict[str, Any] = {"provider_id": provider_id, "status": status}
        known |= {"last_error": code, "not_before": look_at}
        over = {"state": "sent", "unsure_since": None, "settled": self._clock()}
        return self._change(row, known | over)

    def look(self, limit: int) -> list[OutboxRow]:
        """Messages whose end is due to be looked up, given to nobody else for a while."""
        now = self._clock()
        due = (
            sa.select(OutboxMessage)
            .where(is_followed(OutboxMessage), OutboxMessage.not_before <= now)
            .order_by(OutboxMessage.not_before, OutboxMessage.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=OutboxMessage)
        )
        with self._database.session() as session:
            found = session.scalars(due).all()
            for message in found:
                message.not_before = now + _LOOKED_AT_FOR
            return [row_of(message) for message in found]

    def look_later(self, row: OutboxRow, at: datetime) -> bool:
        """Look a message up again from `at` on."""
        return self._change(row, {"not_before": at})

    def known_names(self, recipient_key: str, names: Sequence[str]) -> set[str]:
        """Those of a provider's names that a recipient's other messages have already."""
        mine = sa.select(OutboxMessage.provider_id).where(
            OutboxMessage.recipient_key == recipient_key, OutboxMessage.provider_id.in_(names)
        )
        with self._database.reading() as session:
            return set(session.scalars(mine))

    def held(self, recipient_key: str, channel: str) -> list[OutboxRow]:
        """What waits until a recipient writes."""
        mine = sa.select(OutboxMessage).where(
            OutboxMessage.recipient_key == recipient_key,
            OutboxMessage.channel == channel,
            OutboxMessage.state == HELD,
        )
        with self._database.reading() as session:
            return [row_of(message) for message in session.scalars(mine)]

    def forget(self, held_days: int, dead_days: int, trace_days: int) -> int:
        """Destroy what waited or lay dead for too long, drop old traces; how many there were."""
        now = self._clock()
        unread = (OutboxMessage.state == HELD, OutboxMessage.created < _days_ago(now, held_days))
        over = (OutboxMessage.state == DEAD, OutboxMessage.settled < _days_ago(now, dead_days))
        old = (
            sa.or_(OutboxMessage.state == DONE, OutboxMessage.state == DEAD),
            OutboxMessage.settled < _days_ago(now, trace_days),
        )
        dead = {"state": "dead", "last_error": "unread", "settled": now, "sealed": b""}
        gone = sa.update(OutboxMessage).where(*over, OutboxMessage.sealed != b"")
        with self._database.session() as session:
            done = [
                sa.update(OutboxMessage).where(*unread).values(**dead),
                gone.values(sealed=b""),
                sa.delete(OutboxMessage).where(*old),
            ]
            return sum(len(session.execute(s.returning(OutboxMessage.id)).all()) for s in done)

    def _find(
        self, session: Session, channel: str, message_id: int | None, provider_id: str
    ) -> OutboxMessage | None:
        mine = sa.select(OutboxMessage).where(OutboxMessage.channel == channel)
        if message_id is not None:
            mine = mine.where(OutboxMessage.id == message_id)
        else:
            mine = mine.where(OutboxMessage.provider_id == provider_id)
        return session.scalars(mine.with_for_update().limit(1)).first()

    def _took(self, message: OutboxMessage) -> None:
        if message.state != "sent":
            now = self._clock()
            message.state, message.settled = "sent", now
            message.not_before = now + _LOOKED_AT_FOR
        message.leased_until = message.unsure_since = None

    def _end(self, message: OutboxMessage, state: str) -> None:
        message.settled = message.settled or self._clock()
        message.state, message.sealed = state, b""
        message.leased_until = message.unsure_since = None

    def _change(self, row: OutboxRow, values: dict[str, Any]) -> bool:
        unchanged = (
            OutboxMessage.id == row.id,
            OutboxMessage.state == row.state,
            OutboxMessage.attempts == row.attempts,
        )
        change = sa.update(OutboxMessage).where(*unchanged).values(leased_until=None, **values)
        with self._database.session() as session:
            return session.execute(change.returning(OutboxMessage.id)).first() is not None


def _is_of(message: OutboxMessage, provider_id: str, is_named: bool) -> bool:
    """Whether a report is of this message's last try, not of one before it."""
    if message.provider_id == provider_id:
        return True
    is_open = not message.provider_id or message.unsure_since is not None
    return is_named and bool(provider_id) and is_open


def _is_followed_by_another(session: Session, message: OutboxMessage) -> bool:
    session.flush()
    behind = sa.exists().where(
        OutboxMessage.recipient_key == message.recipient_key,
        OutboxMessage.channel == message.channel,
        is_waiting(OutboxMessage),
    )
    return bool(session.scalar(sa.select(behind)))


def _days_ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
