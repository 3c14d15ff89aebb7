"""Who calls: people of the sandbox registry, one of each household, and what only they may read."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from locales.formats import format_index
from sandbox.chaos.words import LANGUAGE

# Nobody who is told of by name (they have a summary), and no two who share a file.
_QUERY: Final = """
SELECT p.idcs, p.birth_date, p.phone, h."index" FROM people p
JOIN households h ON h.code = p.household_code
WHERE p.phone IS NOT NULL AND p.summary = ''
GROUP BY h.code ORDER BY h."index" IS NULL, p.rank LIMIT ?
"""
_INDEX: Final = re.compile(r"(?<![\d,])\d{1,2},\d{4,7}(?!\d)")


class TooFewPeople(RuntimeError):
    """The registry holds fewer fitting people than were asked for."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person on file; `number` is theirs, `index` as they read it, empty where there is none."""

    idcs: str
    birth_date: str
    number: str
    index: str


def find_people(registry: Path, count: int) -> list[Person]:
    """The first `count` people, the same on every machine. Raises TooFewPeople."""
    with closing(sqlite3.connect(f"file:{registry}?mode=ro", uri=True)) as database:
        rows = database.execute(_QUERY, (count,)).fetchall()
    if len(rows) < count:
        raise TooFewPeople(f"{count} people are needed and {len(rows)} fit")
    return [
        Person(idcs, _day_first(born), number, _read(index)) for idcs, born, number, index in rows
    ]


def foreign_values(person: Person, people: list[Person], text: str) -> list[str]:
    """What stands in a text of somebody else's file: an index, an identifier."""
    own = {person.index, person.idcs}
    others = {value for one in people for value in (one.index, one.idcs) if value} - own
    found = {*_INDEX.findall(text), *re.findall(r"(?<!\d)\d{10}(?!\d)", text)}
    return sorted(found & (others - _shared(people)))


def _shared(people: list[Person]) -> set[str]:
    """Indexes of several households, the limits in force among them: nobody is known by them."""
    seen = [one.index for one in people]
    return {value for value in seen if seen.count(value) > 1} | {"9,3264284", "9,743001"}


def _read(index: str | None) -> str:
    return format_index(Decimal(index), LANGUAGE) if index else ""


def _day_first(birth_date: str) -> str:
    year, month, day = birth_date.split("-")
    return f"{day}/{month}/{year}"
