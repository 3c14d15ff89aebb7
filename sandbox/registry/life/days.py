"""What happens in the registry by itself, as its clock goes on.

An application is studied, then accepted, refused with a reason, or waits for papers. Payments fall
due and are paid each month. Indexes are recomputed, and what hangs on them changes. Complaints are
answered. All of it is drawn by the seed: two registries of one seed that are asked the same live
the same life, whether their clock goes in one leap or in many steps.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry.clock import today
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.life import complaints, decisions, indexes, payments
from sandbox.registry.tables import Clock

_ONE_DAY: Final = timedelta(days=1)
# What comes first on a day may change what comes after it.
_TRADES: Final = (indexes, decisions, complaints, payments)


def catch_up(database: RegistryDatabase) -> int:
    """Let happen what is due up to today; how many days had something.

    Each day is a transaction of its own, so that nobody waits long, and whoever else catches up at
    the same time does other days or none.
    """
    days = 0
    while True:
        with database.write() as session:
            row = session.scalars(select(Clock)).one()
            until = today(session)
            if row.lived_until >= until:
                return days
            day = _next_day(session, row.lived_until + _ONE_DAY, until)
            if day is not None:
                for trade in _TRADES:
                    trade.happen(session, row.seed, day)
                days += 1
            row.lived_until = day or until


def _next_day(session: Session, first: date, last: date) -> date | None:
    """The first day on which something happens, or None where nothing does until the last."""
    due = [trade.next_due(session, first) for trade in _TRADES]
    found = min((day for day in due if day is not None), default=None)
    return max(found, first) if found is not None and found <= last else None
