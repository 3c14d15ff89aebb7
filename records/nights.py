"""What each night's retention removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database
from records.tables import NightRow


@dataclass(frozen=True, slots=True)
class Night:
    """One night, and how many of each kind went."""

    at: datetime
    removed: dict[str, int]


class Nights:
    """The nights there were. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def keep(self, removed: Mapping[str, int]) -> None:
        """Keep what a night removed."""
        with self._database.session() as session:
            session.add(NightRow(at=self._clock(), removed=dict(removed)))

    def last(self, limit: int = 60) -> list[Night]:
        """The last nights, the latest first."""
        latest = sa.select(NightRow).order_by(NightRow.at.desc(), NightRow.id.desc()).limit(limit)
        with self._database.reading() as session:
            return [Night(row.at, row.removed) for row in session.scalars(latest)]
