"""Exports that staff asked for: how far each is, and which file came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database
from records.tables import ExportJobRow

KINDS: Final = ("conversations", "messages", "handovers", "deliveries")
FORMS: Final = ("csv", "xlsx", "jsonl")
WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
_OPEN: Final = (WAITING, RUNNING)


@dataclass(frozen=True, slots=True)
class ExportJob:
    """One export; `done` of `total` lines are written."""

    id: int
    kind: str
    form: str
    since: datetime
    until: datetime
    state: str
    outcome: str
    done: int
    total: int
    asked_by: str
    created: datetime
    settled: datetime | None
    file_id: str

    @property
    def is_open(self) -> bool:
        """True while it is being made, or waits for that."""
        return self.state in _OPEN


class ExportJobs:
    """The exports. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def ask(self, kind: str, form: str, since: datetime, until: datetime, by: str) -> int:
        """Ask for an export of a time; its number."""
        row = ExportJobRow(
            kind=kind,
            form=form,
            since=since,
            until=until,
            state=WAITING,
            asked_by=by,
            created=self._clock(),
        )
        with self._database.session() as session:
            session.add(row)
            session.flush()
            return row.id

    def find(self, job_id: int) -> ExportJob | None:
        """An export by its number."""
        with self._database.reading() as session:
            row = session.get(ExportJobRow, job_id)
            return _job(row) if row else None

    def of(self, staff: str, limit: int = 20) -> list[ExportJob]:
        """The last ones that somebody asked for."""
        return self._list(ExportJobRow.asked_by == staff, limit)

    def open(self, limit: int = 20) -> list[ExportJob]:
        """Those that are not made yet."""
        return self._list(ExportJobRow.state.in_(_OPEN), limit)

    def at(self, job_id: int, done: int, total: int) -> None:
        """Note how far one is."""
        self._change(job_id, state=RUNNING, done=done, total=total)

    def made(self, job_id: int, file_id: str, lines: int) -> bool:
        """Settle one: its file waits. False where it was settled before."""
        values = {"state": DONE, "done": lines, "total": lines}
        return self._change(job_id, **values, file_id=file_id, settled=self._clock())

    def failed(self, job_id: int, outcome: str) -> None:
        """Settle one of which nothing came, and say why in a word."""
        self._change(job_id, state=FAILED, outcome=outcome, settled=self._clock())

    def _list(self, which: sa.ColumnElement[bool], limit: int) -> list[ExportJob]:
        latest = sa.select(ExportJobRow).where(which).order_by(ExportJobRow.id.desc()).limit(limit)
        with self._database.reading() as session:
            return [_job(row) for row in session.scalars(latest)]

    def _change(self, job_id: int, **values: object) -> bool:
        change = sa.update(ExportJobRow).where(
            ExportJobRow.id == job_id, ExportJobRow.state.in_(_OPEN)
        )
        with self._database.session() as session:
            made = session.execute(change.values(**values).returning(ExportJobRow.id))
            return made.first() is not None


def _job(row: ExportJobRow) -> ExportJob:
    return ExportJob(**{name: getattr(row, name) for name in ExportJob.__dataclass_fields__})
