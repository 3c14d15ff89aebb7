"""Reading the audit, the latest first; checking its chain, and keeping what each check found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from records.audit import Audit
from records.clock import Clock, utc_now
from records.database import Database
from records.tables import AuditCheckRow, AuditRow

# Under which names of a detail an account of staff stands.
_BY: Final = ("by", "staff")


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which rows are wanted; what is empty excludes nothing. `staff` is an account's number."""

    event: str = ""
    staff: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The filters in SQL."""
        found = [AuditRow.event == self.event] if self.event else []
        if self.since is not None:
            found.append(AuditRow.at >= self.since)
        if self.until is not None:
            found.append(AuditRow.at < self.until)
        if self.staff:
            # As `_canonical` writes them: a number, or the same as text.
            written = [f'"{name}":"{self.staff}"' for name in _BY]
            written += [f'"{name}":{self.staff}{end}' for name in _BY for end in ",}"]
            found.append(sa.or_(*(AuditRow.detail.contains(one) for one in written)))
        return found


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the audit; `person` and `phone` are random names of theirs, empty for none."""

    number: int
    at: datetime
    event: str
    person: str
    phone: str
    channel: str
    detail: Mapping[str, Any]

    @property
    def by(self) -> str:
        """The account of staff who did it, empty where it was none."""
        return str(next((self.detail[name] for name in _BY if self.detail.get(name)), ""))


@dataclass(frozen=True, slots=True)
class Check:
    """What a walk over the chain found; `is_whole` where nothing is wrong with it."""

    id: int
    at: datetime
    by: str
    rows: int
    broken_at: int | None
    is_cut: bool
    head: str

    @property
    def is_whole(self) -> bool:
        """True where every row proves the one before it, and none is gone."""
        return self.broken_at is None and not self.is_cut


class AuditReading:
    """The audit as the auditor sees it. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def page(self, filters: AuditFilters, before: int | None, size: int = 50) -> list[Act]:
        """The latest rows that are wanted, below a number; one more than `size` where there are."""
        wanted = sa.select(AuditRow).where(*filters.conditions())
        if before is not None:
            wanted = wanted.where(AuditRow.number < before)
        latest = wanted.order_by(AuditRow.number.desc()).limit(size + 1)
        with self._database.reading() as session:
            return [_act(row) for row in session.scalars(latest)]

    def events(self) -> list[str]:
        """Every name of an event there is, by as many looks at the index as there are names."""
        found: list[str] = []
        with self._database.reading() as session:
            while True:
                after = AuditRow.event > (found[-1] if found else "")
                following = session.scalar(sa.select(sa.func.min(AuditRow.event)).where(after))
                if following is None:
                    return found
                found.append(following)

    def check(self, by: str) -> Check:
        """Walk the chain, hold it to what the last good check saw, and keep what was found."""
        verdict = Audit(self._database).verify()
        before = self._last_good()
        is_cut = before is not None and not self._stands(before)
        row = AuditCheckRow(
            at=self._clock(),
            by=by,
            rows=verdict.rows,
            broken_at=verdict.broken_at,
            is_cut=is_cut,
            head=verdict.head,
        )
        with self._database.session() as session:
            session.add(row)
            session.flush()
            return _check(row)

    def checks(self, limit: int = 10) -> list[Check]:
        """The last checks, the latest first."""
        latest = sa.select(AuditCheckRow).order_by(AuditCheckRow.id.desc()).limit(limit)
        with self._database.reading() as session:
            return [_check(row) for row in session.scalars(latest)]

    def _last_good(self) -> AuditCheckRow | None:
        good = sa.select(AuditCheckRow).where(
            AuditCheckRow.broken_at.is_(None), ~AuditCheckRow.is_cut, AuditCheckRow.rows > 0
        )
        with self._database.reading() as session:
            return session.scalars(good.order_by(AuditCheckRow.id.desc()).limit(1)).first()

    def _stands(self, seen: AuditCheckRow) -> bool:
        hashed = sa.select(AuditRow.hash).where(AuditRow.number == seen.rows)
        with self._database.reading() as session:
            return session.scalar(hashed) == seen.head


def _act(row: AuditRow) -> Act:
    return Act(
        row.number,
        row.at,
        row.event,
        row.person_key,
        row.number_key,
        row.channel,
        json.loads(row.detail),
    )


def _check(row: AuditCheckRow) -> Check:
    return Check(row.id, row.at, row.by, row.rows, row.broken_at, row.is_cut, row.head)
