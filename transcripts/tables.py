"""The tables of the transcripts. What creates and changes them in a database are the migrations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import Key, RowNumber
from transcripts.figure_tables import DayFigureRow, FigureRow, StaleHourRow
from transcripts.letters import UNDELIVERED
from transcripts.review_tables import (
    BatchLineRow,
    BatchRow,
    CorrectionRow,
    GatheredRow,
    ReviewRow,
)
from transcripts.table import Listed, Table

# Everybody takes the tables from here, so that none is ever missing in their metadata.
__all__ = [
    "BatchLineRow",
    "BatchRow",
    "ConversationRow",
    "CorrectionRow",
    "DayFigureRow",
    "FigureRow",
    "GatheredRow",
    "LabelRow",
    "LetterRow",
    "RemarkRow",
    "ReviewRow",
    "StaleHourRow",
    "Table",
    "TurnRow",
    "UnderstoodRow",
    "ViewRow",
]


def _of_some(column: str) -> sa.Index:
    some = sa.text(f"{column} > 0")
    name = f"ix_conversations_{column}"
    return sa.Index(name, "last_at", "id", sqlite_where=some, postgresql_where=some)


class ConversationRow(Table):
    """What one number said on one channel without a long silence in between.

    `name` is the conversation's own name at the door and the engine; `lowest` the least sure intent
    in it, `troubles` how many of its turns failed or were not understood.
    """

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(Key)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    channel: Mapped[str] = mapped_column(sa.String(32))
    provider: Mapped[str] = mapped_column(sa.String(32))
    language: Mapped[str] = mapped_column(sa.String(8), default="")
    programme: Mapped[str] = mapped_column(sa.String(64), default="")
    intent: Mapped[str] = mapped_column(sa.String(64), default="")
    began: Mapped[datetime]
    last_at: Mapped[datetime]
    turns: Mapped[int] = mapped_column(default=0)
    lowest: Mapped[float | None]
    fallbacks: Mapped[int] = mapped_column(default=0)
    errors: Mapped[int] = mapped_column(default=0)
    undelivered: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        sa.Index("ix_conversations_name_last_at", "name", "last_at"),
        # The list shows the latest first; the id makes its pages stable.
        sa.Index("ix_conversations_last_at_id", "last_at", "id"),
        sa.Index("ix_conversations_intent_last_at_id", "intent", "last_at", "id"),
        sa.Index("ix_conversations_programme_last_at_id", "programme", "last_at", "id"),
        # The partial ones hold only what went wrong, which is looked for and rare.
        _of_some("fallbacks"),
        _of_some("errors"),
        _of_some("undelivered"),
        {"sqlite_autoincrement": True},
    )


class TurnRow(Table):
    """One message of a citizen and what was shown for it.

    `step` says how it was read (words, choice, page, place, remark, open …), `said` the words with
    tokens in place of what was sealed, `choice` the payload's intent. `screens` are texts as they
    were shown, masked; `keys` the response keys they were made of. What the engine made of it
    arrives on its own and may come first, or never.
    """

    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id"))
    key: Mapped[str] = mapped_column(Key, unique=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    session: Mapped[str] = mapped_column(Key, default="")
    session_event: Mapped[str] = mapped_column(sa.String(12), default="")
    content: Mapped[str] = mapped_column(sa.String(16), default="text")
    step: Mapped[str] = mapped_column(sa.String(16), default="")
    said: Mapped[str] = mapped_column(sa.Text, default="")
    choice: Mapped[str] = mapped_column(sa.String(64), default="")
    screens: Mapped[list[str]] = mapped_column(Listed, default=list)
    keys: Mapped[list[str]] = mapped_column(Listed, default=list)
    expects: Mapped[str] = mapped_column(sa.String(12), default="")
    is_open: Mapped[bool] = mapped_column(default=True)
    outcome: Mapped[str] = mapped_column(sa.String(32), default="")
    language: Mapped[str] = mapped_column(sa.String(8), default="")
    milliseconds: Mapped[float | None]
    engine_milliseconds: Mapped[float | None]
    intent: Mapped[str] = mapped_column(sa.String(64), default="")
    confidence: Mapped[float | None]
    ranking: Mapped[list[Any]] = mapped_column(Listed, default=list)
    entities: Mapped[list[Any]] = mapped_column(Listed, default=list)
    actions: Mapped[list[str]] = mapped_column(Listed, default=list)
    slots: Mapped[list[str]] = mapped_column(Listed, default=list)

    __table_args__ = (
        sa.Index("ix_turns_conversation_id_at", "conversation_id", "at"),
        {"sqlite_autoincrement": True},
    )


class LetterRow(Table):
    """A message that was sent by itself or late: an answer, a notice, a person's reply.

    `outbox_id` is its row in the records' outbox, `state` what the provider told of it.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id"))
    key: Mapped[str] = mapped_column(Key, unique=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    author: Mapped[str] = mapped_column(sa.String(64), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    outbox_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    state: Mapped[str] = mapped_column(sa.String(16), default="queued")
    code: Mapped[str] = mapped_column(sa.String(64), default="")
    settled: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_letters_conversation_id_at", "conversation_id", "at"),
        {"sqlite_autoincrement": True},
    )

    @property
    def is_undelivered(self) -> bool:
        """True where it is known that it did not arrive."""
        return self.state in UNDELIVERED


class UnderstoodRow(Table):
    """What the engine made of a turn that is not recorded yet; it waits here for it."""

    __tablename__ = "understood"

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    value: Mapped[dict[str, Any]] = mapped_column(Listed)


class LabelRow(Table):
    """A word that staff put on a conversation, once each."""

    __tablename__ = "labels"

    conversation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("conversations.id"), primary_key=True
    )
    label: Mapped[str] = mapped_column(sa.String(32), primary_key=True, index=True)
    author: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]


class RemarkRow(Table):
    """What staff wrote about a conversation for each other; no citizen reads it."""

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id"), index=True)
    author: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]

    __table_args__ = ({"sqlite_autoincrement": True},)


class ViewRow(Table):
    """Filters that somebody of the staff kept under a name."""

    __tablename__ = "views"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    staff: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    filters: Mapped[dict[str, str]] = mapped_column(Listed)

    __table_args__ = (sa.UniqueConstraint("staff", "name"), {"sqlite_autoincrement": True})
