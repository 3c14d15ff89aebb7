"""The tables of teaching: what is to be reviewed, who corrected it how, and what was exported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import Key, RowNumber
from transcripts.table import Listed, Table


class ReviewRow(Table):
    """A message in words that somebody shall look at; one for each folded text.

    `intent`, `confidence`, `ranking` and `entities` are the engine's. `doubt` orders the queue.
    `state` is open, disputed, accepted, exported, nothing or discarded; `settled_*` is what was
    agreed on. Once its words must be forgotten, `words` and `mark`, the keyed name of the folded
    text, are emptied and the decision stays.
    """

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    mark: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    conversation_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    turn_key: Mapped[str] = mapped_column(Key)
    at: Mapped[datetime] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(8))
    variety: Mapped[str] = mapped_column(sa.String(12))
    intent: Mapped[str] = mapped_column(sa.String(64))
    confidence: Mapped[float | None]
    ranking: Mapped[list[Any]] = mapped_column(Listed, default=list)
    entities: Mapped[list[Any]] = mapped_column(Listed, default=list)
    reason: Mapped[str] = mapped_column(sa.String(16))
    doubt: Mapped[float]
    state: Mapped[str] = mapped_column(sa.String(12), default="open")
    votes: Mapped[int] = mapped_column(default=0)
    settled: Mapped[datetime | None]
    settled_intent: Mapped[str] = mapped_column(sa.String(64), default="")
    settled_marks: Mapped[list[Any]] = mapped_column(Listed, default=list)

    __table_args__ = (
        sa.Index("ix_reviews_state", "state", "variety", "doubt"),
        {"sqlite_autoincrement": True},
    )


class CorrectionRow(Table):
    """What one of the staff decided about a review; the database refuses to change or drop it.

    `marks` are places of words and what they mean, never the words.
    """

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    staff: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(sa.String(8))
    intent: Mapped[str] = mapped_column(sa.String(64))
    variety: Mapped[str] = mapped_column(sa.String(12))
    marks: Mapped[list[Any]] = mapped_column(Listed)
    is_final: Mapped[bool]

    __table_args__ = ({"sqlite_autoincrement": True},)


class GatheredRow(Table):
    """How far turns were looked through for what is to be reviewed: one row."""

    __tablename__ = "gathered"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    turn_id: Mapped[int] = mapped_column(sa.BigInteger)


class BatchRow(Table):
    """An export of accepted reviews, and what it does to accuracy.

    `state` is queued, measuring, ready, failed, accepted or refused; `report` the evaluation before
    and after, `fault` why there is none.
    """

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    asked_by: Mapped[str] = mapped_column(sa.String(64))
    asked: Mapped[datetime]
    begun: Mapped[datetime | None]
    measured: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(Listed, default=dict)
    fault: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_by: Mapped[str] = mapped_column(sa.String(64), default="")
    decided: Mapped[datetime | None]

    __table_args__ = ({"sqlite_autoincrement": True},)


class BatchLineRow(Table):
    """A review in an export: whether its line fits the training data, or the rule it breaks."""

    __tablename__ = "batch_lines"

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batches.id"), primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("reviews.id"), primary_key=True)
    fault: Mapped[str] = mapped_column(sa.String(24), default="")
