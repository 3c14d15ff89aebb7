"""What happened since a moment that others may be told of: in no words of a citizen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from records.database import Database
from records.tables import HandoverRow, OutboxMessage
from records.webhooks import Happened

_MOMENTS: Final = {"asked": "created", "claimed": "claimed", "settled": "settled"}


def happened_since(database: Database, since: datetime, events: frozenset[str]) -> list[Happened]:
    """Every event of the kinds named. Raises StoreUnavailable."""
    return [*_handovers(database, since, events), *_deliveries(database, since, events)]


def _handovers(database: Database, since: datetime, events: frozenset[str]) -> Iterator[Happened]:
    for what, name in _MOMENTS.items():
        event, moment = f"handover.{what}", getattr(HandoverRow, name)
        if event not in events:
            continue
        with database.reading() as session:
            rows = session.scalars(sa.select(HandoverRow).where(moment >= since)).all()
            for row in rows:
                at: datetime = getattr(row, name)
                told = {
                    "handover": row.id,
                    "channel": row.channel,
                    "language": row.language,
                    "reason": row.reason,
                    "programme": row.programme,
                    "state": row.state,
                }
                # Given to somebody else it is another event; put back and taken anew too.
                key = f"handover-{row.id}-{what}-{at.timestamp():.6f}"
                yield _told(event, key, at, told)


def _deliveries(database: Database, since: datetime, events: frozenset[str]) -> Iterator[Happened]:
    if "delivery.failed" not in events:
        return
    dead = sa.select(OutboxMessage).where(
        OutboxMessage.state == sa.literal("dead", literal_execute=True),
        OutboxMessage.settled >= since,
    )
    with database.reading() as session:
        for row in session.scalars(dead).all():
            at = row.settled or since
            told = {
                "delivery": row.id,
                "channel": row.channel,
                "purpose": row.purpose,
                "code": row.last_error,
                "status": row.status,
            }
            yield _told("delivery.failed", f"delivery-{row.id}-{at.timestamp():.6f}", at, told)


def _told(event: str, key: str, at: datetime, data: dict[str, Any]) -> Happened:
    body = {"type": event, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    return Happened(event, key, json.dumps(body, separators=(",", ":")))
