"""Replies that are written once and sent often: a text per name and language, with blanks.

A blank is a word in braces; whoever sends it fills it in. No blank is filled from a register.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from records.database import Database
from records.tables import ReplyRow

LONGEST_NAME: Final = 60
LONGEST_TEXT: Final = 1000
_BLANK: Final = re.compile(r"\{([^\W\d]\w{0,30})\}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in one language."""

    id: int
    language: str
    name: str
    text: str

    @property
    def blanks(self) -> list[str]:
        """The blanks of the text, each once, in their order."""
        return list(dict.fromkeys(_BLANK.findall(self.text)))

    def filled(self, values: dict[str, str]) -> str:
        """The text with its blanks filled; what nothing was given for stays a blank."""
        return _BLANK.sub(lambda blank: values.get(blank.group(1)) or blank.group(), self.text)


class Replies:
    """The replies. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, language: str = "") -> list[Reply]:
        """Every reply, or those of a language, by name."""
        wanted = sa.select(ReplyRow).order_by(ReplyRow.name, ReplyRow.language)
        if language:
            wanted = wanted.where(ReplyRow.language == language)
        with self._database.reading() as session:
            return [
                Reply(row.id, row.language, row.name, row.text) for row in session.scalars(wanted)
            ]

    def save(self, language: str, name: str, text: str) -> None:
        """Keep a reply; the same name in the same language again replaces its text."""
        mine = sa.select(ReplyRow).where(ReplyRow.language == language, ReplyRow.name == name)
        with self._database.session() as session:
            row = session.scalars(mine).first()
            if row is None:
                session.add(ReplyRow(language=language, name=name, text=text))
            else:
                row.text = text

    def drop(self, reply_id: int) -> None:
        """Forget a reply."""
        with self._database.session() as session:
            session.execute(sa.delete(ReplyRow).where(ReplyRow.id == reply_id))
