"""The synthetic population: the same people on every machine, aged from the day that is given.

Nobody here exists. Names, regions and the demonstration people are data beside this file.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from stdnum import verhoeff

from sandbox.registry.data_files import read_data

SEED: Final = 5821473
_HOUSEHOLDS: Final = 228
_ALONE: Final = 12
# Days since an enrolment that is not active any more was suspended or ended.
_CHANGED_BEFORE: Final = 70
# Birth dates do not move with the day of seeding: a person keeps hers on every machine.
_AGES_IN: Final = 2026
_RNP: Final = ("registered", "registered", "registered", "data_to_update", "pre_registered")
_RSU: Final = (
    "index_ready",
    "index_ready",
    "index_ready",
    "index_ready",
    "registered",
    "awaiting_visit",
    "data_to_update",
    "pre_registered",
)
_LANGUAGES: Final = ("ary", "ary", "ar", "fr", "zgh")
# Around the two limits in force: AMO-Tadamon 9.3264284, ASD 9.743001.
INDEX_BANDS: Final = (("8.6", "9.3264283"), ("9.3264285", "9.7430009"), ("9.7430011", "11.2"))
_EXACT: Final = ("9.3264284", "9.743001")


@dataclass(frozen=True, slots=True)
class Population:
    """Rows for the tables `households`, `people` and `enrolments`, as plain dictionaries."""

    households: list[dict[str, Any]]
    people: list[dict[str, Any]]
    enrolments: list[dict[str, Any]]


def make_population(today: date) -> Population:
    """Everybody, with indexes and enrolments dated before `today`."""
    return _Maker(today).make()


class _Maker:
    def __init__(self, today: date) -> None:
        self._today = today
        self._random = random.Random(SEED)  # nosec B311
        self._names = read_data("names.toml")
        self._taken: set[str] = set()
        self._phones = self._unused_phones()
        self._made = Population([], [], [])

    def make(self) -> Population:
        demo = read_data("demo_people.toml")
        self._taken.update(person["idcs"] for person in [*demo["people"], *demo["later"]])
        for person in demo["people"]:
            self._add_demo(person)
        for number in range(_HOUSEHOLDS):
            self._add_household(number)
        for number in range(_ALONE):
            self._add_adult(None, status=_RNP[number % len(_RNP)])
        for person in demo["later"]:
            self._add_demo(person)
        return self._made

    def _add_demo(self, person: dict[str, Any]) -> None:
        household = person.get("household")
        code = None
        if household:
            code = self._insert_household(**household)
        given, surname, given_arabic, surname_arabic = person["name"]
        self._insert_person(
            idcs=person["idcs"],
            given_name=given,
            surname=surname,
            given_name_arabic=given_arabic,
            surname_arabic=surname_arabic,
            sex=person["sex"],
            birth_date=person["birth_date"],
            phone=person.get("phone"),
            language=person["language"],
            rnp_status=person["rnp_status"],
            household_code=code,
            summary=person["summary"],
        )
        if household:
            self._add_others(code, household["size"], (surname, surname_arabic))

    def _add_household(self, number: int) -> None:
        status = _RSU[number % len(_RSU)]
        with_index = status in ("index_ready", "data_to_update")
        index = self._index(number) if with_index else None
        age = self._random.randrange(5, 300)
        if status == "data_to_update" or number % 9 == 0:
            age = self._random.randrange(370, 900)
        size = self._random.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8))
        code = self._insert_household(
            region=self._names["regions"][number % 12][0],
            area="rural" if number // 12 % 2 else "urban",
            rsu_status=status,
            size=size,
            index=index,
            index_age=age,
            enrolments=list(self._enrolments(index, age)),
        )
        surname = self._add_adult(code)
        self._add_others(code, size, surname)

    def _index(self, number: int) -> str:
        if number % 20 == 0:
            return _EXACT[number // 20 % 2]
        low, high = INDEX_BANDS[number // 2 % 3]
        steps = self._random.randrange(round(float(low) * 10**7), round(float(high) * 10**7) + 1)
        return f"{steps / 10**7:.7f}"

    def _enrolments(self, index: str | None, age: int) -> Iterator[list[Any]]:
        for programme, limit in (("asd", 9.743001), ("amo_tadamon", 9.3264284)):
            chance = self._random.random()
            if index is None or chance > 0.85:
                continue
            within = float(index) <= limit
            if within or chance < 0.2:
                status = "active" if within and chance > 0.1 else "suspended"
                yield [programme, status, age + self._random.randrange(10, 200)]

    def _insert_household(self, **given: Any) -> str:
        code = f"M-{len(self._made.households) + 1:05d}"
        index, index_age = given.get("index"), given.get("index_age", 0)
        calculated = self._today - timedelta(days=index_age) if index else None
        self._made.households.append(
            {
                "code": code,
                "region": given["region"],
                "area": given["area"],
                "rsu_status": given["rsu_status"],
                "size": given["size"],
                "index": index,
                "index_date": calculated,
                "registered_on": self._registered_on(given["rsu_status"], calculated),
            }
        )
        for programme, status, age in given["enrolments"]:
            since = self._today - timedelta(days=age)
            changed_on = max(
                since + timedelta(days=1), self._today - timedelta(days=_CHANGED_BEFORE)
            )
            self._made.enrolments.append(
                {
                    "household_code": code,
                    "programme": programme,
                    "status": status,
                    "since": since,
                    "changed_on": None if status == "active" else changed_on,
                }
            )
        return code

    def _registered_on(self, status: str, calculated: date | None) -> date | None:
        if status == "pre_registered":
            return None
        return (calculated or self._today) - timedelta(days=self._random.randrange(5, 11))

    def _add_others(self, code: str | None, size: int, surname: tuple[str, str]) -> None:
        for place in range(1, size):
            if place == 1 and self._random.random() < 0.8:
                self._add_adult(code)
            else:
                self._add_child(code, surname)

    def _add_adult(self, code: str | None, status: str | None = None) -> tuple[str, str]:
        surname, surname_arabic = self._random.choice(self._names["surnames"])
        self._add_anyone(
            (surname, surname_arabic),
            years=self._random.randrange(20, 85),
            phone=next(self._phones),
            household_code=code,
            rnp_status=status
            or ("data_to_update" if self._random.random() < 0.1 else "registered"),
        )
        return surname, surname_arabic

    def _add_child(self, code: str | None, surname: tuple[str, str]) -> None:
        self._add_anyone(
            surname,
            years=self._random.randrange(1, 18),
            phone=None,
            household_code=code,
            rnp_status="registered",
        )

    def _add_anyone(self, surname: tuple[str, str], years: int, **given: Any) -> None:
        sex = self._random.choice(("female", "male"))
        names = self._names["women" if sex == "female" else "men"]
        given_name, given_name_arabic = self._random.choice(names)
        begin = date(_AGES_IN - years, 1, 1)
        self._insert_person(
            idcs=self._unused_idcs(),
            given_name=given_name,
            surname=surname[0],
            given_name_arabic=given_name_arabic,
            surname_arabic=surname[1],
            sex=sex,
            birth_date=begin + timedelta(days=self._random.randrange(365)),
            language=self._random.choice(_LANGUAGES),
            summary="",
            **given,
        )

    def _insert_person(self, **columns: Any) -> None:
        self._made.people.append({"rank": len(self._made.people), **columns})

    def _unused_idcs(self) -> str:
        while True:
            digits = str(self._random.randrange(2 * 10**8, 10**9))
            idcs = digits + verhoeff.calc_check_digit(digits)
            if idcs not in self._taken:
                self._taken.add(idcs)
                return idcs

    def _unused_phones(self) -> Iterator[str]:
        """Valid mobile numbers, apart from those of the demonstration people."""
        given: set[str] = set()
        while True:
            number = f"+2126{self._random.choice('1234567')}{self._random.randrange(10**7):07d}"
            if number not in given:
                given.add(number)
                yield number
