"""Invitations: one for each person and each number in an emergency, whatever happens.

State, dates, rate and budget are looked at in the transaction that invites somebody, one such at a
time for each emergency: a pause, or the last dirham, counts for the very next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from records.emergencies import EmergencyState, lock_name, read_emergency
from records.tables import EmergencyRow, InvitationRow, OutboxMessage, SubmissionRow

_MINUTE: Final = timedelta(minutes=1)
# A minute's invitations are spread over it.
_WINDOW: Final = timedelta(seconds=10)
_WINDOWS: Final = 6
WITHDRAWN: Final = "withdrawn"
SENT: Final = "sent"


class Verdict(StrEnum):
    """What became of a wish to invite somebody."""

    INVITED = "invited"
    KNOWN = "known"  # the person or the number was invited before
    CLOSED = "closed"  # not approved, paused, stopped, or outside its dates
    TOO_FAST = "too_fast"
    TOO_DEAR = "too_dear"


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom to invite, how, and what that costs in centimes."""

    person_key: str
    number_key: str
    channel: str
    language: str
    cost: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the invited: how many the provider has taken (reached), how many wait for it, how many it
    refused; how many opened the application, how many handed it in; and who did so uninvited.
    """

    invited: int
    reached: int
    waiting: int
    failed: int
    answered: int
    applied: int
    applied_uninvited: int


class Invitations:
    """Who was invited to what. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def room(self, key: str) -> int:
        """How many may be invited at this moment: within the rate, and no more than go out."""
        with self._database.reading() as session:
            row = session.get(EmergencyRow, key)
            if row is None or not read_emergency(row).is_inviting(self._clock()):
                return 0
            return _room(session, row, self._clock()) if row.spent < row.budget else 0

    def invite(self, key: str, one: Invited, put_out: Callable[[Session], int]) -> Verdict:
        """Invite somebody, once; `put_out` adds the message within the transaction, for its id.

        What `put_out` raises undoes everything.
        """
        with self._database.session() as session:
            queue_up(session, lock_name(key))
            row = session.get(EmergencyRow, key, with_for_update=True)
            now = self._clock()
            if row is None or not read_emergency(row).is_inviting(now):
                return Verdict.CLOSED
            if _is_invited(session, key, one):
                return Verdict.KNOWN
            if _room(session, row, now) < 1:
                return Verdict.TOO_FAST
            if row.spent + one.cost > row.budget:
                return Verdict.TOO_DEAR
            row.spent += one.cost
            session.add(
                InvitationRow(
                    emergency=key,
                    person_key=one.person_key,
                    number_key=one.number_key,
                    channel=one.channel,
                    language=one.language,
                    cost=one.cost,
                    outbox_id=put_out(session),
                    created=now,
                )
            )
            return Verdict.INVITED

    def take_back(self, key: str) -> int:
        """Withdraw the messages no provider was ever given, and return how many they were.

        Who got none of those is not invited and costs nothing. A message that was tried may have
        arrived: it is withdrawn too, but its person stays invited.
        """
        now = self._clock()
        with self._database.session() as session:
            queue_up(session, lock_name(key))
            mine = sa.select(InvitationRow.outbox_id).where(
                InvitationRow.emergency == key, InvitationRow.outcome == ""
            )
            is_free = sa.or_(
                OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now
            )
            withdrawn = session.execute(
                sa.update(OutboxMessage)
                .where(OutboxMessage.id.in_(mine), OutboxMessage.state == "queued", is_free)
                .values(
                    state="dead",
                    sealed=b"",
                    last_error=WITHDRAWN,
                    leased_until=None,
                    settled=now,
                )
                .returning(OutboxMessage.id, OutboxMessage.attempts)
            ).all()
            untried = [row.id for row in withdrawn if not row.attempts]
            gone = session.scalars(
                sa.delete(InvitationRow)
                .where(InvitationRow.emergency == key, InvitationRow.outbox_id.in_(untried))
                .returning(InvitationRow.cost)
            ).all()
            back = EmergencyRow.spent - sum(gone)
            session.execute(
                sa.update(EmergencyRow).where(EmergencyRow.key == key).values(spent=back)
            )
            return len(gone)

    def settle(self, key: str) -> None:
        """Note what became of the messages that waited."""
        with self._database.session() as session:
            waiting = (
                sa.select(
                    InvitationRow,
                    OutboxMessage.state,
                    OutboxMessage.settled,
                    OutboxMessage.last_error,
                )
                .join(OutboxMessage, OutboxMessage.id == InvitationRow.outbox_id)
                .where(
                    InvitationRow.emergency == key,
                    InvitationRow.outcome == "",
                    OutboxMessage.state.not_in(("queued", "held")),
                )
            )
            for invitation, state, settled, error in session.execute(waiting).all():
                is_sent = state in (SENT, "done")
                invitation.outcome = SENT if is_sent else error or state
                invitation.reached = settled if is_sent else None

    def answered(self, key: str, number_key: str) -> None:
        """Note that somebody opened the application on a number; the first time counts."""
        mine = (
            InvitationRow.emergency == key,
            InvitationRow.number_key == number_key,
            InvitationRow.answered.is_(None),
        )
        change = sa.update(InvitationRow).where(*mine).values(answered=self._clock())
        with self._database.session() as session:
            session.execute(change)

    def counts(self, key: str) -> Counts:
        """How it stands now."""
        self.settle(key)
        handed_in = (SubmissionRow.programme == key, SubmissionRow.kind == "application")
        same = sa.or_(
            SubmissionRow.number_key == InvitationRow.number_key,
            sa.and_(
                SubmissionRow.person_key == InvitationRow.person_key,
                SubmissionRow.person_key != "",
            ),
        )
        applied = sa.exists().where(*handed_in, same)
        mine = InvitationRow.emergency == key

        def count(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
            return (
                sa.select(sa.func.count())
                .select_from(InvitationRow)
                .where(mine, *conditions)
                .scalar_subquery()
            )

        uninvited = (
            sa.select(sa.func.count())
            .select_from(SubmissionRow)
            .where(*handed_in, ~sa.exists().where(mine, same))
            .scalar_subquery()
        )
        with self._database.reading() as session:
            row = session.execute(
                sa.select(
                    count(),
                    count(InvitationRow.reached.is_not(None)),
                    count(InvitationRow.outcome == ""),
                    count(InvitationRow.outcome.not_in(("", SENT))),
                    count(sa.or_(InvitationRow.answered.is_not(None), applied)),
                    count(applied),
                    uninvited,
                )
            ).one()
            return Counts(*row)

    def forget(self, key: str, totals: str) -> int:
        """Forget who was invited to what is over, and keep its last counts; how many they were."""
        with self._database.session() as session:
            queue_up(session, lock_name(key))
            row = session.get_one(EmergencyRow, key, with_for_update=True)
            row.state, row.totals = EmergencyState.STOPPED.value, totals
            gone = sa.delete(InvitationRow).where(InvitationRow.emergency == key)
            return len(session.execute(gone.returning(InvitationRow.id)).all())


def _is_invited(session: Session, key: str, one: Invited) -> bool:
    found = sa.select(InvitationRow.id).where(
        InvitationRow.emergency == key,
        sa.or_(
            InvitationRow.person_key == one.person_key,
            InvitationRow.number_key == one.number_key,
        ),
    )
    return session.scalar(found.limit(1)) is not None


def _room(session: Session, row: EmergencyRow, now: datetime) -> int:
    """What the rate leaves of this minute and these ten seconds, and a provider that takes none."""

    def since(moment: datetime) -> int:
        return session.scalars(count.where(InvitationRow.created > moment)).one()

    count = sa.select(sa.func.count()).where(InvitationRow.emergency == row.key)
    waiting = session.scalars(count.where(InvitationRow.outcome == "", _still_queued())).one()
    rate = row.rate_per_minute
    return min(
        rate - since(now - _MINUTE), -(-rate // _WINDOWS) - since(now - _WINDOW), rate - waiting
    )


def _still_queued() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        OutboxMessage.id == InvitationRow.outbox_id, OutboxMessage.state == "queued"
    )
