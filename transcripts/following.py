"""Letters of staff whose end is not known yet, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database
from transcripts.letters import UNDELIVERED
from transcripts.tables import ConversationRow, LetterRow

REPLY: Final = "reply-"


@dataclass(frozen=True, slots=True)
class Followed:
    """A letter that may still change."""

    key: str
    number_key: str
    state: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a letter; `is_final` where no more will be."""

    key: str
    state: str
    code: str
    is_final: bool


class FollowedLetters:
    """The letters of staff on their way. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def open(self, since: datetime, limit: int) -> list[Followed]:
        """Those since a moment that nothing final is told of, the oldest first."""
        row = LetterRow
        wanted = sa.select(row.key, row.number_key, row.state).where(
            row.at >= since, row.settled.is_(None), row.state != "dead", row.key.startswith(REPLY)
        )
        with self._database.reading() as session:
            found = session.execute(wanted.order_by(row.at, row.id).limit(limit))
            return [Followed(*one) for one in found]

    def tell(self, told: Iterable[Told]) -> None:
        """Keep what is told, and count in their conversation what did not arrive."""
        with self._database.session() as session:
            for one in told:
                row = session.scalars(sa.select(LetterRow).where(LetterRow.key == one.key)).first()
                if row is None:
                    continue
                was, row.state, row.code = row.is_undelivered, one.state, one.code
                row.settled = self._clock() if one.is_final else None
                conversation = session.get_one(ConversationRow, row.conversation_id)
                conversation.undelivered += (one.state in UNDELIVERED) - was
