"""Where a number can be written to: the number itself, sealed, only while there is a reason.

Everything else knows a number by its keyed hash, from which it cannot be had back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent
from records.tables import AddressRow, FollowerRow, SubmissionRow

_TOLD_WITHIN: Final = timedelta(days=2)


def address_context(number_key: str) -> str:
    """The context in which a number is sealed and opened (core.privacy.Seal)."""
    return f"address|{number_key}"


@dataclass(frozen=True, slots=True)
class Address:
    """A number, sealed, the kind of channel it was last heard on, and when that was."""

    number_key: str
    sealed: bytes
    kind: str
    heard: datetime


class Addresses:
    """The numbers there is something to tell. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def keep(self, number_key: str, sealed: bytes, kind: str) -> None:
        """Keep a number that was heard just now, sealed in `address_context(number_key)`."""
        heard = {"sealed": sealed, "kind": kind, "heard": self._clock()}
        with self._database.session() as session:
            insert_if_absent(session, AddressRow, number_key=number_key, **heard)
            mine = AddressRow.number_key == number_key
            session.execute(sa.update(AddressRow).where(mine).values(**heard))

    def find(self, number_key: str) -> Address | None:
        """Where a number can be written to, or None where that is not known."""
        with self._database.reading() as session:
            row = session.get(AddressRow, number_key)
            return Address(row.number_key, row.sealed, row.kind, row.heard) if row else None

    def drop_idle(self) -> int:
        """Forget the numbers there is nothing to tell any more; how many there were.

        What was settled a moment ago may still be told in the morning.
        """
        follows = sa.exists().where(FollowerRow.number_key == AddressRow.number_key)
        lately = SubmissionRow.settled > self._clock() - _TOLD_WITHIN
        waits = sa.exists().where(
            SubmissionRow.number_key == AddressRow.number_key,
            sa.or_(SubmissionRow.state.in_(("queued", "stuck")), lately),
        )
        with self._database.session() as session:
            gone = sa.delete(AddressRow).where(~follows, ~waits).returning(AddressRow.number_key)
            return len(session.execute(gone).all())
