"""Handovers and deliveries page by page, the latest first, for programs that read them all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records.database import Database
from records.tables import HandoverRow, OutboxMessage


class Serving:
    """Rows without a key, a number or a word of anybody. May raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def handovers(self, state: str, before: int | None, size: int) -> list[dict[str, Any]]:
        """Requests for a person, in a state where one is named; one more than `size`."""
        row = HandoverRow
        columns = (
            row.id,
            row.channel,
            row.language,
            row.reason,
            row.programme,
            row.state,
            row.created,
            row.claimed,
            row.answered,
            row.settled,
            row.rating,
        )
        wanted = sa.select(*columns)
        if state:
            wanted = wanted.where(row.state == state)
        return self._page(wanted, row.id, before, size)

    def deliveries(
        self, state: str, since: datetime | None, before: int | None, size: int
    ) -> list[dict[str, Any]]:
        """Messages that went out, or did not; one more than `size`."""
        row = OutboxMessage
        columns = (
            row.id,
            row.channel,
            row.purpose,
            row.state,
            row.status,
            row.last_error.label("code"),
            row.segments,
            row.created,
            row.settled,
        )
        wanted = sa.select(*columns)
        if state:
            wanted = wanted.where(row.state == state)
        if since is not None:
            wanted = wanted.where(row.created >= since)
        return self._page(wanted, row.id, before, size)

    def _page(
        self, wanted: Any, number: Any, before: int | None, size: int
    ) -> list[dict[str, Any]]:
        if before is not None:
            wanted = wanted.where(number < before)
        with self._database.reading() as session:
            found = session.execute(wanted.order_by(number.desc()).limit(size + 1))
            return [dict(one) for one in found.mappings()]
