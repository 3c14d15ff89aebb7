"""Finding turns and letters by their words, in any script, spelt as the engine folds them.

SQLite keeps the words in an FTS5 table, PostgreSQL in a `tsvector` under a GIN index; both are made
by the migrations and filled here. A turn's place in it is its id doubled, a letter's one more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.vault import TOKEN
from locales.folding import fold
from transcripts.tables import LetterRow, TurnRow

_LONGEST_QUESTION: Final = 200
_MOST_WORDS: Final = 8
_MERGED_PAGES: Final = 500
_MASKED: Final = re.compile(r"\*{2,}")
_ADD: Final = {
    "sqlite": "INSERT INTO found_words (rowid, words) VALUES (:place, :words)",
    "postgresql": (
        "INSERT INTO found_words (place, words) VALUES (:place, to_tsvector('simple', :words))"
    ),
}
# Read from the latest on, so that a word in a million messages is answered as soon as enough are
# found.
_FIND: Final = {
    "sqlite": (
        "SELECT rowid FROM found_words WHERE words MATCH :question"
        " AND rowid % 2 = :odd AND rowid < :before ORDER BY rowid DESC LIMIT :most"
    ),
    "postgresql": (
        "SELECT place FROM found_words WHERE words @@ to_tsquery('simple', :question)"
        " AND place % 2 = :odd AND place < :before ORDER BY place DESC LIMIT :most"
    ),
}
_DROP: Final = {
    "sqlite": "DELETE FROM found_words WHERE rowid IN :places",
    "postgresql": "DELETE FROM found_words WHERE place IN :places",
}


def index_turn(session: Session, row: TurnRow) -> None:
    """Make a turn findable by what was said and shown."""
    _add(session, row.id * 2, " ".join((row.said, *row.screens)))


def index_letter(session: Session, row: LetterRow) -> None:
    """Make a letter findable by its text."""
    _add(session, row.id * 2 + 1, row.text)


def drop(session: Session, turns: list[int], letters: list[int]) -> None:
    """Forget the words of turns and letters."""
    places = [*(one * 2 for one in turns), *(one * 2 + 1 for one in letters)]
    statement = sa.text(_DROP[_dialect(session)]).bindparams(sa.bindparam("places", expanding=True))
    for begin in range(0, len(places), 500):
        session.execute(statement, {"places": places[begin : begin + 500]})


def settle(session: Session, is_first: bool) -> bool:
    """Let dropped words leave the index itself, a part at a time; True while more is to be done.

    FTS5 only marks what is dropped until the parts it stands in are merged.
    """
    if _dialect(session) != "sqlite":
        return False
    before = session.scalar(sa.text("SELECT total_changes()")) or 0
    pages = -_MERGED_PAGES if is_first else _MERGED_PAGES
    merge = "INSERT INTO found_words (found_words, rank) VALUES ('merge', :pages)"
    session.execute(sa.text(merge), {"pages": pages})
    after = session.scalar(sa.text("SELECT total_changes()")) or 0
    return after - before >= 2


def latest(session: Session, asked: str, is_letter: bool, before: int, limit: int) -> list[int]:
    """The ids of the latest turns, or letters, that hold all words asked for, below an id.

    The last word is found by its beginning. None where nothing is asked for.
    """
    words = fold(asked[:_LONGEST_QUESTION]).split()[:_MOST_WORDS]
    if not words:
        return []
    dialect = _dialect(session)
    if dialect == "sqlite":
        question = " ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
    else:
        question = " & ".join([*words[:-1], f"{words[-1]}:*"])
    odd = int(is_letter)
    given = {"question": question, "odd": odd, "before": before * 2 + odd, "most": limit}
    return [place // 2 for place in session.scalars(sa.text(_FIND[dialect]), given)]


def found_by(text: str) -> str:
    """The folded words that a text is found by: nothing sealed, nothing masked."""
    return fold(_MASKED.sub(" ", TOKEN.sub(" ", text)))


def index_all(session: Session, turns: Sequence[tuple[int, str]]) -> None:
    """Make many turns findable at once: each by its id, and the words it is found by."""
    rows = [{"place": turn * 2, "words": words} for turn, words in turns]
    session.execute(sa.text(_ADD[_dialect(session)]), rows)


def _add(session: Session, place: int, text: str) -> None:
    session.execute(sa.text(_ADD[_dialect(session)]), {"place": place, "words": found_by(text)})


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
