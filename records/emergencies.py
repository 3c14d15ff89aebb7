"""Emergency programmes: proposed by one person, approved by another, paused, resumed, stopped.

Each step is written to the audit in the transaction that takes it. What was approved is what is
done: a changed file has to be proposed and approved again, and keeps who was invited already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import ServiceError
from records.audit import Audit, Plain
from records.clock import Clock, utc_now
from records.database import Database, queue_up
from records.tables import EmergencyRow

_LONGEST_NAME: Final = 80


class StepRefused(ServiceError):
    """A step that may not be taken now, or by this person; the message says why."""

    sentence = ""


class EmergencyState(StrEnum):
    """How far an emergency programme is; its dates are another matter."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed. Money is in centimes of a dirham; `plan` is JSON; moments are aware."""

    key: str
    fingerprint: str
    plan: str
    starts: datetime
    ends: datetime
    rate_per_minute: int
    budget: int


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency programme as it stands."""

    key: str
    fingerprint: str
    plan: str
    starts: datetime
    ends: datetime
    rate_per_minute: int
    budget: int
    spent: int
    state: EmergencyState
    proposed_by: str
    approved_by: str
    totals: str

    def is_open(self, now: datetime) -> bool:
        """True where people may apply: approved, within its dates, not stopped."""
        agreed = (EmergencyState.APPROVED, EmergencyState.PAUSED)
        return self.state in agreed and self.starts <= now < self.ends

    def is_inviting(self, now: datetime) -> bool:
        """True where people may be invited: open and not paused."""
        return self.state is EmergencyState.APPROVED and self.is_open(now)


class Emergencies:
    """All that were proposed. Every method may raise StoreUnavailable.

    A step raises StepRefused where it may not be taken. `by` is who takes it, `account` the account
    of the machine it is taken from; both are written to the audit.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._audit = Audit(database, clock)

    def propose(self, proposal: Proposal, by: str, account: str) -> bool:
        """Keep a proposal, to be approved by somebody else; False where it stands unchanged."""
        by, now = read_name(by), self._clock()
        values = {
            "fingerprint": proposal.fingerprint,
            "plan": proposal.plan,
            "starts": proposal.starts,
            "ends": proposal.ends,
            "rate_per_minute": proposal.rate_per_minute,
            "budget": proposal.budget,
            "state": EmergencyState.PROPOSED.value,
            "proposed_by": by,
            "proposed": now,
            "approved_by": "",
            "approved": None,
        }
        with self._database.session() as session:
            queue_up(session, lock_name(proposal.key))
            row = session.get(EmergencyRow, proposal.key)
            if row is None:
                session.add(EmergencyRow(key=proposal.key, spent=0, totals="", **values))
            elif row.totals:
                raise StepRefused(f"{proposal.key} is over and its invitations are forgotten")
            elif (
                row.fingerprint == proposal.fingerprint
                and row.state != EmergencyState.STOPPED.value
            ):
                return False
            else:
                for name, value in values.items():
                    setattr(row, name, value)
            self._note(session, "emergency.proposed", proposal.key, by, account, proposal)
        return True

    def approve(self, key: str, by: str, account: str, fingerprint: str = "") -> None:
        """Approve what somebody else proposed; `fingerprint` begins as that of what was read."""
        by = read_name(by)
        with self._database.session() as session:
            row = self._row(session, key, EmergencyState.PROPOSED)
            if folded(by) == folded(row.proposed_by):
                raise StepRefused(
                    f"{row.proposed_by} proposed {key}: somebody else must approve it"
                )
            if not row.fingerprint.startswith(fingerprint):
                raise StepRefused(f"{key} was proposed anew: its fingerprint is not {fingerprint}")
            if row.ends <= self._clock():
                raise StepRefused(f"{key} ended on {row.ends:%Y-%m-%d %H:%M} UTC")
            row.state = EmergencyState.APPROVED.value
            row.approved_by, row.approved = by, self._clock()
            self._note(session, "emergency.approved", key, by, account, row)

    def pause(self, key: str, by: str, account: str) -> None:
        """Invite nobody more until it is resumed; who was invited may apply."""
        self._change(key, by, account, EmergencyState.PAUSED, EmergencyState.APPROVED)

    def resume(self, key: str, by: str, account: str) -> None:
        """Go on inviting."""
        self._change(key, by, account, EmergencyState.APPROVED, EmergencyState.PAUSED)

    def stop(self, key: str, by: str, account: str) -> None:
        """End it before its date: nobody is invited and nobody can apply any more."""
        possible = (EmergencyState.PROPOSED, EmergencyState.APPROVED, EmergencyState.PAUSED)
        self._change(key, by, account, EmergencyState.STOPPED, *possible)

    def find(self, key: str) -> Emergency | None:
        """An emergency programme as it stands, or None."""
        with self._database.reading() as session:
            row = session.get(EmergencyRow, key)
            return read_emergency(row) if row else None

    def all(self) -> list[Emergency]:
        """Every one of them, by key."""
        with self._database.reading() as session:
            rows = session.scalars(sa.select(EmergencyRow).order_by(EmergencyRow.key))
            return [read_emergency(row) for row in rows]

    def open_keys(self) -> frozenset[str]:
        """The keys of those that can be applied for at this moment."""
        now = self._clock()
        return frozenset(one.key for one in self.all() if one.is_open(now))

    def _change(
        self, key: str, by: str, account: str, to: EmergencyState, *possible: EmergencyState
    ) -> None:
        by = read_name(by)
        with self._database.session() as session:
            row = self._row(session, key, *possible)
            row.state = to.value
            event = {"approved": "resumed"}.get(to.value, to.value)
            self._note(session, f"emergency.{event}", key, by, account, row)

    @staticmethod
    def _row(session: Session, key: str, *possible: EmergencyState) -> EmergencyRow:
        queue_up(session, lock_name(key))
        row = session.get(EmergencyRow, key, with_for_update=True)
        if row is None:
            raise StepRefused(f"no emergency programme is called {key}")
        if row.state not in possible:
            raise StepRefused(f"{key} is {row.state}: it must be {' or '.join(possible)}")
        return row

    def _note(
        self,
        session: Session,
        event: str,
        key: str,
        by: str,
        account: str,
        said: Proposal | EmergencyRow,
    ) -> None:
        detail: Mapping[str, Plain] = {
            "emergency": key,
            "by": by,
            "account": account,
            "fingerprint": said.fingerprint,
            "budget": said.budget,
        }
        self._audit.append(event, "", "", "", detail, session)


def lock_name(key: str) -> str:
    """What everything that changes an emergency programme, or invites to it, queues up for."""
    return f"emergency|{key}"


def read_name(by: str) -> str:
    """A person's name with single spaces. Raises StepRefused where it is empty or too long."""
    name = " ".join(by.split())
    if not name or len(name) > _LONGEST_NAME:
        raise StepRefused(f"a name of 1 to {_LONGEST_NAME} characters is needed")
    return name


def folded(name: str) -> str:
    """A name as two names are compared."""
    return name.casefold()


def read_emergency(row: EmergencyRow) -> Emergency:
    """A row in plain words."""
    return Emergency(
        row.key,
        row.fingerprint,
        row.plan,
        row.starts,
        row.ends,
        row.rate_per_minute,
        row.budget,
        row.spent,
        EmergencyState(row.state),
        row.proposed_by,
        row.approved_by,
        row.totals,
    )
