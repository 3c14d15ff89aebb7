"""Numbers that an operator blocked: they get nothing, and cost nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from core.errors import StoreUnavailable
from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent
from records.tables import BlockRow

_REREAD_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Block:
    """A blocked number, by its keyed hash: why, by whom and when."""

    number_key: str
    reason: str
    blocked_by: str
    created: datetime


class Blocks:
    """The blocklist. Every method but `holds` may raise StoreUnavailable."""

    def __init__(
        self,
        database: Database,
        clock: Clock = utc_now,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._timer = timer
        self._known: frozenset[str] = frozenset()
        self._read_at: float | None = None

    def add(self, number_key: str, reason: str, blocked_by: str) -> bool:
        """Block a number; False where it was blocked already, and then nothing changes."""
        given = {"reason": reason, "blocked_by": blocked_by, "created": self._clock()}
        with self._database.session() as session:
            if session.get(BlockRow, number_key) is not None:
                return False
            insert_if_absent(session, BlockRow, number_key=number_key, **given)
            return True

    def remove(self, number_key: str) -> bool:
        """Unblock a number; False where it was not blocked."""
        gone = sa.delete(BlockRow).where(BlockRow.number_key == number_key)
        with self._database.session() as session:
            return session.execute(gone.returning(BlockRow.number_key)).first() is not None

    def all(self) -> list[Block]:
        """Every blocked number, the first blocked first."""
        rows = sa.select(BlockRow).order_by(BlockRow.created, BlockRow.number_key)
        with self._database.reading() as session:
            return [
                Block(row.number_key, row.reason, row.blocked_by, row.created)
                for row in session.scalars(rows)
            ]

    def holds(self, number_key: str) -> bool:
        """Whether a number is blocked, as it was known some seconds ago at most.

        While the records do not answer, what was known last holds.
        """
        now = self._timer()
        if self._read_at is None or now - self._read_at >= _REREAD_SECONDS:
            # Others ask meanwhile: they go on with what was known.
            self._read_at = now
            try:
                self._known = frozenset(block.number_key for block in self.all())
            except StoreUnavailable:
                return number_key in self._known
        return number_key in self._known
