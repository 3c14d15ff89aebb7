"""What staff add to conversations: labels, notes for each other, and filters kept under a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent
from transcripts.tables import LabelRow, RemarkRow, ViewRow

LONGEST_LABEL: Final = 32
LONGEST_NAME: Final = 60
_LONGEST_NOTE: Final = 4000
_MOST_VIEWS: Final = 30


@dataclass(frozen=True, slots=True)
class View:
    """Filters under a name."""

    id: int
    name: str
    filters: dict[str, str]


class Remarks:
    """Labels, notes and views. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def label(self, conversation_id: int, label: str, author: str) -> None:
        """Put a label on a conversation that exists; one that is there stays as it is."""
        with self._database.session() as session:
            insert_if_absent(
                session,
                LabelRow,
                conversation_id=conversation_id,
                label=label[:LONGEST_LABEL],
                author=author,
                at=self._clock(),
            )

    def unlabel(self, conversation_id: int, label: str) -> None:
        """Take a label away."""
        gone = sa.delete(LabelRow).where(
            LabelRow.conversation_id == conversation_id, LabelRow.label == label
        )
        with self._database.session() as session:
            session.execute(gone)

    def labels(self, conversation_id: int) -> list[str]:
        """The labels of a conversation, in their order."""
        mine = sa.select(LabelRow.label).where(LabelRow.conversation_id == conversation_id)
        with self._database.reading() as session:
            return list(session.scalars(mine.order_by(LabelRow.label)))

    def note(self, conversation_id: int, author: str, text: str) -> None:
        """Add a note to a conversation that exists."""
        row = RemarkRow(
            conversation_id=conversation_id,
            author=author,
            text=text[:_LONGEST_NOTE],
            at=self._clock(),
        )
        with self._database.session() as session:
            session.add(row)

    def notes(self, conversation_id: int) -> list[RemarkRow]:
        """The notes on a conversation, the oldest first."""
        mine = sa.select(RemarkRow).where(RemarkRow.conversation_id == conversation_id)
        with self._database.reading() as session:
            rows = list(session.scalars(mine.order_by(RemarkRow.id)))
            session.expunge_all()
            return rows

    def keep_view(self, staff: str, name: str, filters: dict[str, str]) -> None:
        """Keep filters under a name; the same name again replaces them."""
        name = name[:LONGEST_NAME]
        mine = sa.select(ViewRow).where(ViewRow.staff == staff)
        with self._database.session() as session:
            views = session.scalars(mine.order_by(ViewRow.id)).all()
            for view in views:
                if view.name == name:
                    view.filters = filters
                    return
            if len(views) >= _MOST_VIEWS:
                session.delete(views[0])
            session.add(ViewRow(staff=staff, name=name, filters=filters))

    def views(self, staff: str) -> list[View]:
        """The views of somebody, by name."""
        mine = sa.select(ViewRow).where(ViewRow.staff == staff).order_by(ViewRow.name)
        with self._database.reading() as session:
            return [View(row.id, row.name, row.filters) for row in session.scalars(mine)]

    def drop_view(self, staff: str, view_id: int) -> None:
        """Forget a view of somebody's own."""
        gone = sa.delete(ViewRow).where(ViewRow.staff == staff, ViewRow.id == view_id)
        with self._database.session() as session:
            session.execute(gone)
