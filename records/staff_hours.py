"""When people answer, as staff set it: the last change holds, and every change is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.staff_hours import read_days, read_hours
from records.clock import Clock, utc_now
from records.database import Database
from records.tables import StaffHoursRow


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours and days off as core/staff_hours.py reads them, and who set them when."""

    hours: str
    off: str
    by: str
    at: datetime | None


class StaffHours:
    """The hours in force. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def current(self) -> Hours | None:
        """What staff set last, or None where they never did."""
        latest = sa.select(StaffHoursRow).order_by(StaffHoursRow.id.desc()).limit(1)
        with self._database.reading() as session:
            row = session.scalars(latest).first()
            return Hours(row.hours, row.off, row.set_by, row.at) if row else None

    def change(self, hours: str, off: str, by: str) -> None:
        """Set them. Raises ValueError where they cannot be read."""
        read_hours(hours)
        read_days(off)
        with self._database.session() as session:
            session.add(StaffHoursRow(hours=hours, off=off, set_by=by, at=self._clock()))
