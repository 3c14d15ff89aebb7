"""Reading one conversation, and finding messages by their words among those that are wanted."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.database import Database
from transcripts import search
from transcripts.listing import Filters
from transcripts.tables import ConversationRow, LetterRow, TurnRow

# So many messages with the words are looked through at a time for those that are wanted.
_WINDOW: Final = 1500
_FURTHEST: Final = 2**60

Message = TurnRow | LetterRow


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that holds the words, and its conversation."""

    message: Message
    conversation: ConversationRow

    @property
    def text(self) -> str:
        """What it says: a letter its text, a turn the words and what was shown."""
        if isinstance(self.message, LetterRow):
            return self.message.text
        return "\n".join((self.message.said, *self.message.screens))


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a search has come among turns and among letters; 0 where it is at its end."""

    turn: int = _FURTHEST
    letter: int = _FURTHEST

    def __str__(self) -> str:
        return f"{self.turn}-{self.letter}"

    @classmethod
    def read(cls, text: str) -> Reached:
        """How far a text says. Raises ValueError."""
        turn, _, letter = text.partition("-")
        if not (turn.isdecimal() and letter.isdecimal() and len(text) < 40):
            raise ValueError(text)
        return cls(min(int(turn), _FURTHEST), min(int(letter), _FURTHEST))


@dataclass(frozen=True, slots=True)
class Hits:
    """Messages found, the latest first; `after` says where to look on, None at the end."""

    hits: tuple[Hit, ...]
    after: Reached | None


class Reading:
    """Conversations to read. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, conversation_id: int) -> ConversationRow | None:
        """A conversation, or None where there is none or it was forgotten."""
        with self._database.reading() as session:
            row = session.get(ConversationRow, conversation_id)
            session.expunge_all()
            return row

    def latest(self, name: str) -> ConversationRow | None:
        """The latest conversation of that name."""
        mine = sa.select(ConversationRow).where(ConversationRow.name == name)
        with self._database.reading() as session:
            row = session.scalars(mine.order_by(ConversationRow.last_at.desc()).limit(1)).first()
            session.expunge_all()
            return row

    def messages(
        self, conversation_id: int, before: datetime | None = None, size: int = 100
    ) -> tuple[list[Message], bool]:
        """The last messages of a conversation in their order, and whether there are earlier."""
        with self._database.reading() as session:
            found = [
                one
                for table in (TurnRow, LetterRow)
                for one in _last(session, table, conversation_id, before, size)
            ]
            session.expunge_all()
        found.sort(key=lambda one: (one.at, isinstance(one, LetterRow), one.id), reverse=True)
        return found[:size][::-1], len(found) > size

    def mark(self, conversation_id: int) -> str:
        """A mark that changes whenever something is said in a conversation, or a letter arrives."""
        turn = sa.select(sa.func.max(TurnRow.id)).where(TurnRow.conversation_id == conversation_id)
        letters = sa.select(LetterRow.id, LetterRow.state).where(
            LetterRow.conversation_id == conversation_id
        )
        with self._database.reading() as session:
            told = [session.scalar(turn), *session.execute(letters.order_by(LetterRow.id))]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def was_said(self, conversation_id: int, words: str) -> bool:
        """True where a citizen's message of the conversation holds these very words."""
        said = sa.select(TurnRow.id).where(
            TurnRow.conversation_id == conversation_id,
            TurnRow.said.contains(words, autoescape=True),
        )
        with self._database.reading() as session:
            return session.scalar(said.limit(1)) is not None

    def search(
        self, asked: str, filters: Filters, reached: Reached | None = None, size: int = 30
    ) -> Hits:
        """Messages with all the words asked for, the last word by its beginning.

        Words that too many hold are looked through a part at a time: a page may hold fewer than
        `size`, or none, and still be followed by another.
        """
        reached = reached or Reached()
        wanted = filters.conditions()
        with self._database.reading() as session:
            turns, turn = _hits(session, TurnRow, asked, reached.turn, wanted, size)
            letters, letter = _hits(session, LetterRow, asked, reached.letter, wanted, size)
            session.expunge_all()
        # Each kind keeps the order of its ids, by which the next page goes on.
        found = list(heapq.merge(turns, letters, key=lambda hit: hit.message.at, reverse=True))
        shown, left = found[:size], found[size:]
        # What was found and is not shown is found again by the next page.
        turn = max([turn, *(hit.message.id + 1 for hit in left if hit in turns)])
        letter = max([letter, *(hit.message.id + 1 for hit in left if hit in letters)])
        return Hits(tuple(shown), Reached(turn, letter) if turn or letter else None)


def _last(
    session: Session,
    table: type[TurnRow] | type[LetterRow],
    conversation_id: int,
    before: datetime | None,
    size: int,
) -> Iterable[Message]:
    mine = sa.select(table).where(table.conversation_id == conversation_id)
    if before is not None:
        mine = mine.where(table.at < before)
    return session.scalars(mine.order_by(table.at.desc(), table.id.desc()).limit(size + 1))


def _hits(
    session: Session,
    table: type[TurnRow] | type[LetterRow],
    asked: str,
    before: int,
    wanted: list[sa.ColumnElement[bool]],
    size: int,
) -> tuple[list[Hit], int]:
    """Hits before an id, and the id before which to look on, 0 where nothing is left."""
    if before <= 0:
        return [], 0
    ids = search.latest(session, asked, table is LetterRow, before, _WINDOW)
    if not ids:
        return [], 0
    both = (
        sa.select(table, ConversationRow)
        .join(ConversationRow, ConversationRow.id == table.conversation_id)
        .where(table.id.in_(ids), *wanted)
        .order_by(table.id.desc())
        .limit(size + 1)
    )
    hits = [Hit(cast(Message, one[0]), one[1]) for one in session.execute(both)]
    if len(hits) > size:
        return hits[:size], hits[size - 1].message.id
    return hits, min(ids) if len(ids) == _WINDOW else 0
