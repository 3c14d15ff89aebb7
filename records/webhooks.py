"""Webhooks: who listens, and each event on its way to each of them, once, until it arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from core.privacy import Seal
from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent
from records.tables import WebhookDeliveryRow, WebhookEndpointRow
from records.webhook_tables import is_due

# How long after each try that failed the next one is; after the last it is given up.
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 7200, 18000, 43200, 86400)
)
_LEASE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where somebody listens; `gathered` is until when events were looked for."""

    id: int
    url: str
    events: frozenset[str]
    made: datetime
    gathered: datetime
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened: its key names it once and for all."""

    event: str
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """An event on its way to an endpoint."""

    id: int
    endpoint_id: int
    event: str
    body: str
    state: str
    created: datetime
    attempts: int
    status: int
    fault: str


class Webhooks:
    """Endpoints and deliveries. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, seal: Seal, clock: Clock = utc_now) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock

    def add(self, url: str, secret: str, events: Iterable[str], by: str) -> int:
        """Let somebody listen from now on."""
        now = self._clock()
        with self._database.session() as session:
            row = WebhookEndpointRow(
                url=url, sealed=b"", events=",".join(events), made_by=by, made=now, gathered=now
            )
            session.add(row)
            session.flush()
            row.sealed = self._seal.close(secret.encode(), _context(row.id))
            return row.id

    def endpoints(self) -> list[Endpoint]:
        """Those who listen, and the last who did."""
        with self._database.reading() as session:
            rows = session.scalars(
                sa.select(WebhookEndpointRow)
                .order_by(WebhookEndpointRow.closed.is_not(None), WebhookEndpointRow.id.desc())
                .limit(100)
            )
            return [_endpoint(row) for row in rows]

    def secret(self, endpoint_id: int) -> str:
        """The secret of an endpoint. Raises TokenRefused where its key is gone."""
        with self._database.reading() as session:
            sealed = session.get_one(WebhookEndpointRow, endpoint_id).sealed
        return self._seal.open(sealed, _context(endpoint_id)).decode()

    def close(self, endpoint_id: int) -> bool:
        """Tell an endpoint nothing more; False where there is none that listens."""
        mine = sa.update(WebhookEndpointRow).where(
            WebhookEndpointRow.id == endpoint_id, WebhookEndpointRow.closed.is_(None)
        )
        waiting = sa.update(WebhookDeliveryRow).where(
            WebhookDeliveryRow.endpoint_id == endpoint_id, WebhookDeliveryRow.state == "queued"
        )
        now = self._clock()
        with self._database.session() as session:
            closed = session.execute(mine.values(closed=now).returning(WebhookEndpointRow.id))
            if closed.first() is None:
                return False
            session.execute(waiting.values(state="dead", fault="closed", settled=now))
            return True

    def keep(self, endpoint: Endpoint, happened: Iterable[Happened], until: datetime) -> int:
        """Queue what happened for an endpoint, each once, and note until when it was looked for."""
        now, count = self._clock(), 0
        with self._database.session() as session:
            for one in happened:
                insert_if_absent(
                    session,
                    WebhookDeliveryRow,
                    endpoint_id=endpoint.id,
                    event=one.event,
                    key=one.key,
                    body=one.body,
                    state="queued",
                    created=now,
                    not_before=now,
                    attempts=0,
                    status=0,
                    fault="",
                )
                count += 1
            mine = sa.update(WebhookEndpointRow).where(WebhookEndpointRow.id == endpoint.id)
            session.execute(mine.values(gathered=until))
        return count

    def lease(self, limit: int) -> list[tuple[WebhookDelivery, str]]:
        """Take what is due, with the address it goes to; `attempts` counts this one too."""
        now = self._clock()
        due = sa.select(WebhookDeliveryRow).where(is_due(now))
        due = due.order_by(WebhookDeliveryRow.not_before, WebhookDeliveryRow.id).limit(limit)
        with self._database.session() as session:
            rows = session.scalars(due.with_for_update(skip_locked=True)).all()
            found = []
            for row in rows:
                row.leased_until, row.attempts = now + _LEASE, row.attempts + 1
                url = session.get_one(WebhookEndpointRow, row.endpoint_id).url
                found.append((_delivery(row), url))
            return found

    def sent(self, delivery: WebhookDelivery, status: int) -> None:
        """Settle what arrived."""
        self._settle(delivery, state="sent", status=status, fault="", settled=self._clock())

    def failed(self, delivery: WebhookDelivery, status: int, fault: str) -> timedelta | None:
        """Have it tried again after a while, or give it up; the while, None where it is over."""
        told = {"status": status, "fault": fault[:64]}
        if delivery.attempts > len(WAITS):
            self._settle(delivery, **told, state="dead", settled=self._clock())
            return None
        wait = WAITS[delivery.attempts - 1]
        self._settle(delivery, **told, not_before=self._clock() + wait)
        return wait

    def again(self, delivery_id: int) -> bool:
        """Send once more what was given up; False where it was not."""
        mine = sa.update(WebhookDeliveryRow).where(
            WebhookDeliveryRow.id == delivery_id,
            WebhookDeliveryRow.state == "dead",
            WebhookDeliveryRow.fault != "closed",
        )
        fresh = {"state": "queued", "attempts": 0, "not_before": self._clock(), "settled": None}
        with self._database.session() as session:
            made = session.execute(mine.values(**fresh).returning(WebhookDeliveryRow.id))
            return made.first() is not None

    def deliveries(self, limit: int = 50) -> list[WebhookDelivery]:
        """The last deliveries, the latest first."""
        latest = sa.select(WebhookDeliveryRow).order_by(WebhookDeliveryRow.id.desc())
        with self._database.reading() as session:
            return [_delivery(row) for row in session.scalars(latest.limit(limit))]

    def forget(self, days: int) -> int:
        """Drop what was settled so long ago; how many there were."""
        old = sa.delete(WebhookDeliveryRow).where(
            WebhookDeliveryRow.settled < self._clock() - timedelta(days=days)
        )
        with self._database.session() as session:
            return len(session.execute(old.returning(WebhookDeliveryRow.id)).all())

    def _settle(self, delivery: WebhookDelivery, **values: object) -> None:
        mine = sa.update(WebhookDeliveryRow).where(
            WebhookDeliveryRow.id == delivery.id, WebhookDeliveryRow.state == "queued"
        )
        with self._database.session() as session:
            session.execute(mine.values(leased_until=None, **values))


def _context(endpoint_id: int) -> str:
    return f"webhook|{endpoint_id}"


def _endpoint(row: WebhookEndpointRow) -> Endpoint:
    events = frozenset(row.events.split(","))
    return Endpoint(row.id, row.url, events, row.made, row.gathered, row.closed)


def _delivery(row: WebhookDeliveryRow) -> WebhookDelivery:
    names = WebhookDelivery.__dataclass_fields__
    return WebhookDelivery(**{name: getattr(row, name) for name in names})
