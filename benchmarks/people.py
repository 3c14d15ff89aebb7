"""Who calls: people of the sandbox registry, read from its own database in a data folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

# One adult of each household, so that no two share a number. A fresh index and a finished
# registration give everybody an answer of three pages.
_QUERY = """
SELECT p.idcs, p.birth_date, p.phone, h."index" FROM people p
JOIN households h ON h.code = p.household_code
WHERE p.phone IS NOT NULL AND p.summary = '' AND p.rnp_status = 'registered'
  AND h.rsu_status = 'index_ready' AND h.index_date > ?
GROUP BY h.code ORDER BY p.rank LIMIT ?
"""
_FRESH = timedelta(days=360)


class TooFewPeople(RuntimeError):
    """The registry holds fewer fitting people than were asked for."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person on file; `number` is theirs, so that calling from it needs no code."""

    idcs: str
    birth_date: date
    number: str
    index: Decimal


def find_people(registry: Path, count: int) -> list[Person]:
    """The first `count` fitting people, the same on every machine. Raises TooFewPeople."""
    oldest = (date.today() - _FRESH).isoformat()  # noqa: DTZ011
    with closing(sqlite3.connect(f"file:{registry}?mode=ro", uri=True)) as database:
        rows = database.execute(_QUERY, (oldest, count)).fetchall()
    if len(rows) < count:
        raise TooFewPeople(f"{count} people are needed and {len(rows)} fit")
    return [
        Person(idcs, date.fromisoformat(born), number, Decimal(index))
        for idcs, born, number, index in rows
    ]
