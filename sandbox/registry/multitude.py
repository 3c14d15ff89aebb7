"""A country's worth of households beside the usual two hundred, made in seconds.

They are drawn as the usual ones are, from the same names, with less care for the odd cases. Rows go
to SQLite as they come, without the ORM; what is the same for all is written by SQL.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from stdnum import verhoeff

from sandbox.registry.data_files import read_data
from sandbox.registry.life.indexes import again_on, first_on
from sandbox.registry.seed import INDEX_BANDS
from sandbox.registry.seed_files import reference_of

_SIZES: Final = (1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8)
_STATUSES: Final = ("index_ready",) * 5 + ("registered", "awaiting_visit", "data_to_update")
_WITH_INDEX: Final = ("index_ready", "data_to_update")
_LIMITS: Final = (("asd", 9.743001), ("amo_tadamon", 9.3264284))
_LANGUAGES: Final = ("ary", "ary", "ar", "fr", "zgh")
# Identifiers and phone numbers rise, by a draw within a step, so that SQLite writes them in order
# and each comes once. No household has ten members, nor three adults.
_IDENTIFIERS, _PHONES = 8 * 10**8, 7 * 10**7
_MOST_MEMBERS, _MOST_ADULTS = 10, 3
_ADULTS, _CHILDREN = (1941, 2006), (2008, 2026)
_CHUNK: Final = 5000
_COLUMNS: Final = {
    "households": "code number region area rsu_status size index score index_date recomputed_on "
    "registered_on",
    "people": "idcs rank given_name surname given_name_arabic surname_arabic sex birth_date phone "
    "language rnp_status household_code summary contact_standing",
    "enrolments": "household_code programme status since changed_on",
    "applications": "reference idcs household_code programme state since given_on given_as "
    "for_idcs missing channel given",
}

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What the usual population has: how many of each, and what must be nobody else's."""

    households: int
    people: int
    applications: int
    identifiers: frozenset[str]
    phones: frozenset[str]


def add_multitude(
    connection: sqlite3.Connection, taken: Taken, households: int, seed: int, today: date
) -> None:
    """Add households until there are so many, with people, enrolments and applications."""
    maker = _Maker(taken, households, seed, today)
    for first in range(taken.households + 1, households + 1, _CHUNK):
        for number in range(first, min(first + _CHUNK, households + 1)):
            maker.add(number)
        for table, rows in maker.rows.items():
            columns = [f'"{name}"' for name in _COLUMNS[table].split()]
            marks = ", ".join("?" * len(columns))
            order = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # nosec B608
            connection.executemany(order, rows)
            rows.clear()


class _Maker:
    def __init__(self, taken: Taken, households: int, seed: int, today: date) -> None:
        self.rows: dict[str, list[Row]] = {table: [] for table in _COLUMNS}
        self._taken = taken
        self._seed = seed
        self._today = today
        self._random = random.Random(seed)  # nosec B311
        self._names = read_data("names.toml")
        self._days = {begin: _days(*begin) for begin in (_ADULTS, _CHILDREN)}
        self._rank = taken.people
        self._applications = taken.applications
        self._identifiers = self._unused_identifiers(households)
        self._phones = self._unused_phones(households)

    def add(self, number: int) -> None:
        """Everything of one household."""
        draw = self._random.random
        code, size = f"M-{number:05d}", _SIZES[int(draw() * len(_SIZES))]
        status = _STATUSES[number % len(_STATUSES)]
        index = self._index(number) if status in _WITH_INDEX else None
        age = int(370 + draw() * 500) if status == "data_to_update" else int(5 + draw() * 295)
        calculated = self._today - timedelta(days=age)
        recomputed = None
        if status == "index_ready":
            recomputed = max(again_on(self._seed, number, calculated), self._today)
        elif index is None:
            recomputed = first_on(self._seed, number, self._today)
        head = self._add_people(code, size)
        self.rows["households"].append(
            (
                code,
                number,
                self._names["regions"][number % 12][0],
                "rural" if number // 12 % 2 else "urban",
                status,
                size,
                index,
                float(index) if index else None,
                calculated.isoformat() if index else None,
                recomputed.isoformat() if recomputed else None,
                (calculated - timedelta(days=7)).isoformat(),
            )
        )
        if index:
            self._enrol(code, head, float(index), age)

    def _index(self, number: int) -> str:
        low, high = INDEX_BANDS[number // 2 % 3]
        return f"{float(low) + self._random.random() * (float(high) - float(low)):.7f}"

    def _add_people(self, code: str, size: int) -> str:
        surname = self._pick("surnames")
        head = self._add_person(code, surname, _ADULTS)
        for place in range(1, size):
            if place == 1 and self._random.random() < 0.8:
                self._add_person(code, self._pick("surnames"), _ADULTS)
            else:
                self._add_person(code, surname, _CHILDREN)
        return head

    def _add_person(self, code: str, surname: list[str], born: tuple[int, int]) -> str:
        draw, days = self._random.random, self._days[born]
        sex = "female" if draw() < 0.5 else "male"
        given = self._pick("women" if sex == "female" else "men")
        idcs = next(self._identifiers)
        self._rank += 1
        self.rows["people"].append(
            (
                idcs,
                self._rank,
                given[0],
                surname[0],
                given[1],
                surname[1],
                sex,
                days[int(draw() * len(days))],
                next(self._phones) if born == _ADULTS else None,
                _LANGUAGES[int(draw() * len(_LANGUAGES))],
                "registered" if draw() < 0.9 else "data_to_update",
                code,
                "",
                "good",
            )
        )
        return idcs

    def _enrol(self, code: str, head: str, index: float, age: int) -> None:
        for programme, limit in _LIMITS:
            chance = self._random.random()
            if index > limit or chance > 0.85:
                continue
            since = self._today - timedelta(days=age + int(10 + chance * 200))
            told = since.isoformat()
            self.rows["enrolments"].append((code, programme, "active", told, None))
            self._applications += 1
            reference = reference_of(self._applications)
            given_on = (since - timedelta(days=20)).isoformat()
            file = (reference, head, code, programme, "accepted", told, given_on)
            self.rows["applications"].append((*file, "", "[]", "[]", "", "{}"))

    def _pick(self, kind: str) -> list[str]:
        names: list[list[str]] = self._names[kind]
        return names[int(self._random.random() * len(names))]

    def _unused_identifiers(self, households: int) -> Iterator[str]:
        step = _IDENTIFIERS // (households * _MOST_MEMBERS)
        for begin in range(2 * 10**8, 10**9, step):
            digits = str(begin + int(self._random.random() * step))
            idcs = digits + verhoeff.calc_check_digit(digits)
            if idcs not in self._taken.identifiers:
                yield idcs

    def _unused_phones(self, households: int) -> Iterator[str]:
        step = _PHONES // (households * _MOST_ADULTS)
        for begin in range(0, _PHONES, step):
            place = begin + int(self._random.random() * step)
            phone = f"+2126{1 + place // 10**7}{place % 10**7:07d}"
            if phone not in self._taken.phones:
                yield phone


def _days(first: int, last: int) -> list[str]:
    """Every day of some years, as SQLite keeps days."""
    begin, end = date(first, 1, 1).toordinal(), date(last, 1, 1).toordinal()
    return [date.fromordinal(day).isoformat() for day in range(begin, end)]
