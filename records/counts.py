"""How much of what stands in the records, by the hour it began in: numbers of nobody.

Messages by what became of them, requests for a person by how long they waited, applications by
their state and by where they came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from records.database import Database
from records.statuses import ARRIVED, FAILED
from records.tables import HandoverRow, OutboxMessage, SubmissionRow

# Bands of waiting, by their end.
BANDS: Final = (
    ("5m", timedelta(minutes=5)),
    ("15m", timedelta(minutes=15)),
    ("1h", timedelta(hours=1)),
    ("4h", timedelta(hours=4)),
    ("1d", timedelta(days=1)),
)
LONGER: Final = "longer"
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a kind of channel and language, by a name and a detail; `amount` is a sum."""

    hour: datetime
    kind: str
    language: str
    name: str
    detail: str
    count: int
    amount: float = 0.0


class Counts:
    """Counts of the records from a moment on. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def deliveries(self, since: datetime) -> Iterator[Count]:
        """Messages by channel, what became of them and the provider's code."""
        row = OutboxMessage
        columns = (row.channel, row.state, row.status, row.last_error)
        for hour, (channel, state, status, code), count in self._by_hour(row, columns, since):
            yield Count(hour, channel, "", fate(state, status), code[:64], count)

    def applications(self, since: datetime) -> Iterator[Count]:
        """Applications by language, state, region and kind of place."""
        row = SubmissionRow
        columns = (row.kind, row.language, row.state, row.region, row.area)
        for hour, (kind, language, state, region, area), count in self._by_hour(
            row, columns, since
        ):
            if kind == "application":
                yield Count(hour, "", language, state, f"{region},{area}", count)

    def handovers(self, since: datetime) -> Iterator[Count]:
        """Requests for a person: how long until the first answer, and until they were settled."""
        wanted = sa.select(HandoverRow).where(HandoverRow.created >= since)
        with self._database.reading() as session:
            for row in session.scalars(wanted):
                hour = _hour(row.created)
                about = (hour, row.channel, row.language)
                yield Count(*about, "state", row.state, 1)
                for name, moment in (("answered", row.answered), ("settled", row.settled)):
                    # Who took the request back was not settled by anybody.
                    if moment is not None and row.state != "cancelled":
                        waited = moment - row.created
                        yield Count(*about, name, band(waited), 1, waited.total_seconds())

    def ratings(self, since: datetime) -> Iterator[Count]:
        """What citizens said of the help they got."""
        row = HandoverRow
        columns = (row.channel, row.language, row.rating)
        for hour, (channel, language, rating), count in self._by_hour(row, columns, since):
            if rating:
                yield Count(hour, channel, language, rating, "", count)

    def _by_hour(
        self, table: Any, columns: tuple[Any, ...], since: datetime
    ) -> Iterator[tuple[datetime, tuple[str, ...], int]]:
        """Rows created from a moment on, counted by hour and by columns."""
        with self._database.reading() as session:
            if session.get_bind().dialect.name == "sqlite":
                hour: Any = sa.func.strftime("%Y-%m-%d %H:00:00+00:00", table.created)
            else:
                hour = sa.func.date_trunc("hour", table.created, "UTC")
            # By its place: PostgreSQL takes two parameters of the same value for two columns.
            grouped = sa.text(", ".join(str(place) for place in range(1, len(columns) + 2)))
            wanted = sa.select(hour, *columns, sa.func.count()).where(table.created >= since)
            for first, *values, count in session.execute(wanted.group_by(grouped)):
                at = datetime.fromisoformat(first) if isinstance(first, str) else first
                yield at, tuple(values), count


def fate(state: str, status: str) -> str:
    """What became of a message: arrived, failed, dead, waiting, or sent and not heard of."""
    if status in ARRIVED:
        return "arrived"
    if status in FAILED:
        return "failed"
    return {"dead": "dead", "queued": "waiting", "held": "waiting"}.get(state, "sent")


def band(waited: timedelta) -> str:
    """The band that a time of waiting falls into."""
    return next((name for name, end in BANDS if waited <= end), LONGER)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
