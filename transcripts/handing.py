"""All that a number said and was shown, for its citizen."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from records.database import Database
from transcripts.tables import ConversationRow, LetterRow, Table, TurnRow

_TURN: Final = ("at", "said", "choice", "screens", "language", "intent")
_LETTER: Final = ("at", "text", "state")
_CONVERSATION: Final = ("id", "kind", "began", "last_at", "language", "programme")


def said_by(database: Database, number_key: str) -> dict[str, list[dict[str, Any]]]:
    """Conversations, turns and letters of a number, the oldest first.

    Raises StoreUnavailable.
    """
    with database.reading() as session:

        def rows(table: type[Table], names: tuple[str, ...], order: str) -> list[dict[str, Any]]:
            columns = [getattr(table, name) for name in names]
            mine = sa.select(*columns).where(table.__table__.c["number_key"] == number_key)
            ordered = session.execute(mine.order_by(getattr(table, order)))
            return [dict(row) for row in ordered.mappings()]

        return {
            "conversations": rows(ConversationRow, _CONVERSATION, "began"),
            "turns": rows(TurnRow, ("conversation_id", *_TURN), "at"),
            "letters": rows(LetterRow, ("conversation_id", *_LETTER), "at"),
        }
