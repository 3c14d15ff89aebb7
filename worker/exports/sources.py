"""The lines of an export, a part at a time, the oldest first: nobody's number or key is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from records.database import Database
from records.tables import HandoverRow, OutboxMessage
from transcripts.masking import masked
from transcripts.tables import ConversationRow, TurnRow
from worker.archive import archive
from worker.house import house

_AT_ONCE: Final = 1000
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the lines of a kind come from: its columns by their names, and when a line was."""

    table: Any
    at: Any
    columns: dict[str, Any]
    masks: tuple[str, ...] = ()
    database: Callable[[], Database] = lambda: archive().database

    def count(self, since: datetime, until: datetime) -> int:
        """How many lines there are."""
        wanted = sa.select(sa.func.count()).select_from(self.table)
        with self.database().reading() as session:
            return session.scalar(wanted.where(self.at >= since, self.at < until)) or 0

    def lines(self, since: datetime, until: datetime) -> Iterator[Sequence[Line]]:
        """Them, part by part; what comes in meanwhile is found too."""
        number, last = self.table.id, 0
        named = [column.label(name) for name, column in self.columns.items()]
        wanted = sa.select(number.label("number"), *named)
        wanted = wanted.where(self.at >= since, self.at < until).order_by(number).limit(_AT_ONCE)
        while True:
            with self.database().reading() as session:
                found = session.execute(wanted.where(number > last)).mappings().all()
            if not found:
                return
            last = found[-1]["number"]
            yield [self._line(row) for row in found]

    def _line(self, row: Any) -> Line:
        line = dict(row)
        for name in self.masks:
            value = line[name]
            line[name] = masked("\n".join(value) if isinstance(value, list) else value)
        return line


def _named(table: Any, names: str) -> dict[str, Any]:
    return {name: getattr(table, name) for name in names.split()}


SOURCES: Final = {
    "conversations": Source(
        ConversationRow,
        ConversationRow.last_at,
        _named(
            ConversationRow,
            "kind channel provider language programme intent began last_at turns lowest fallbacks "
            "errors undelivered",
        ),
    ),
    "messages": Source(
        TurnRow,
        TurnRow.at,
        _named(
            TurnRow,
            "conversation_id at step said choice screens language intent confidence outcome "
            "milliseconds",
        ),
        masks=("said", "screens"),
    ),
    "handovers": Source(
        HandoverRow,
        HandoverRow.created,
        _named(
            HandoverRow,
            "channel language reason programme state created claimed answered settled rating",
        ),
        database=lambda: house().database,
    ),
    "deliveries": Source(
        OutboxMessage,
        OutboxMessage.created,
        _named(OutboxMessage, "channel purpose state status last_error segments created settled"),
        database=lambda: house().database,
    ),
}
