"""The attributes that people, households and enrolments are searched and sorted by, as SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from sandbox.registry.envelope import RequestRefused
from sandbox.registry.queries import INVALID, Compare, Condition, Joined
from sandbox.registry.tables import Base, Enrolment, Household, Person

Clause = sa.ColumnElement[bool]
Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]
_FROM_CODE: Final = {"1": "active", "4": "suspended", "5": "ended"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column with how a value is read for it; what hangs on another table is `within` it."""

    column: Column
    read: Callable[[Any], Any]
    within: Callable[[Clause], Clause] | None = None


def compile_condition(record: str, condition: Condition, today: date) -> Clause:
    """A condition over records of a kind. Raises RequestRefused for an attribute nobody has."""
    if isinstance(condition, Joined):
        parts = [compile_condition(record, part, today) for part in condition.parts]
        if condition.how == "not":
            return sa.not_(*parts)
        return (sa.and_ if condition.how == "and" else sa.or_)(*parts)
    return _compared(record, condition, today)


def sort_column(record: str, name: str) -> Column:
    """The column that records are sorted by. Raises RequestRefused."""
    attribute = _ATTRIBUTES[record].get(name.lower())
    if attribute is None or attribute.within is not None:
        raise RequestRefused("rjct.sort.invalid")
    return attribute.column


def _compared(record: str, compare: Compare, today: date) -> Clause:
    name = compare.attribute.lower()
    if name == "age":
        within = _ATTRIBUTES[record]["birth_date"].within
        clause = _aged(compare, today)
        return within(clause) if within else clause
    attribute = _ATTRIBUTES[record].get(name)
    if attribute is None:
        raise RequestRefused(INVALID)
    try:
        clause = _clause(attribute, compare)
    except (ValueError, TypeError, OverflowError):
        raise RequestRefused(INVALID) from None
    return attribute.within(clause) if attribute.within else clause


def _clause(attribute: Attribute, compare: Compare) -> Clause:
    column: Any = attribute.column
    if compare.operator == "in":
        found: Clause = column.in_([attribute.read(value) for value in compare.value])
        return found
    value = attribute.read(compare.value)
    compared: Mapping[str, Clause] = {
        "eq": column == value,
        "lt": column < value,
        "gt": column > value,
        "le": column <= value,
        "ge": column >= value,
    }
    return compared[compare.operator]


def _aged(compare: Compare, today: date) -> Clause:
    """An age is a span of birth dates: who is n years old was born in one certain year."""
    try:
        values = compare.value if compare.operator == "in" else [compare.value]
        years = [int(value) for value in values]
        spans = [(_years_before(today, year + 1), _years_before(today, year)) for year in years]
    except (ValueError, TypeError, OverflowError):
        raise RequestRefused(INVALID) from None
    older, youngest = spans[0]
    born = Person.birth_date
    match compare.operator:
        case "lt":
            return born > youngest
        case "le":
            return born > older
        case "ge":
            return born <= youngest
        case "gt":
            return born <= older
        case _:
            return sa.or_(*(sa.and_(born > first, born <= last) for first, last in spans))


def _years_before(day: date, years: int) -> date:
    if not 0 <= years <= 200:
        raise ValueError("no age")
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28) + timedelta(days=1)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise TypeError("no text")
    # What cannot be written belongs to nobody.
    return str(value).encode("utf-8", "replace").decode()


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError("no number")
    number = float(value)
    if number != number or abs(number) > 1e12:
        raise ValueError("no number")
    return number


def _day(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


def _in_household_of(clause: Clause) -> Clause:
    """A condition on a person, for their household."""
    return Household.code.in_(sa.select(Person.household_code).where(clause))


def _enrolled_person(clause: Clause) -> Clause:
    return Enrolment.household_code.in_(sa.select(Person.household_code).where(clause))


def _of_household(clause: Clause) -> Clause:
    """A condition on a household, for its people."""
    return Person.household_code.in_(sa.select(Household.code).where(clause))


def _enrolled_household(clause: Clause) -> Clause:
    return Enrolment.household_code.in_(sa.select(Household.code).where(clause))


def _status(value: Any) -> str:
    return _FROM_CODE.get(str(value), str(value))


_PERSONS: Final = {
    "uin": (Person.idcs, _text),
    "person_identifier": (Person.idcs, _text),
    "mobile": (Person.phone, _text),
    "phone_number": (Person.phone, _text),
    "given_name": (Person.given_name, _text),
    "surname": (Person.surname, _text),
    "sex": (Person.sex, _text),
    "gender": (Person.sex, _text),
    "birth_date": (Person.birth_date, _day),
    "rnp_status": (Person.rnp_status, _text),
}
_HOUSEHOLDS: Final = {
    "household": (Household.code, _text),
    "household_id": (Household.code, _text),
    "poverty_score": (Household.score, _number),
    "group_size": (Household.size, _number),
    "location": (Household.region, _text),
    "region_code": (Household.region, _text),
    "district": (Household.area, _text),
    "rsu_status": (Household.rsu_status, _text),
    "registration_date": (Household.registered_on, _day),
    # No address here has one, so nobody is ever found by it.
    "postal_code": (sa.null(), _text),
}
_ENROLMENTS: Final = {
    "programme_identifier": (Enrolment.programme, lambda value: _text(value).lower()),
    "enrollment_status": (Enrolment.status, _status),
    "enrollment_date": (Enrolment.since, _day),
}


def _all(
    kind: Mapping[str, tuple[Any, Callable[[Any], Any]]],
    within: Callable[[Clause], Clause] | None = None,
) -> dict[str, Attribute]:
    return {name: Attribute(column, read, within) for name, (column, read) in kind.items()}


_ATTRIBUTES: Final[Mapping[str, Mapping[str, Attribute]]] = {
    "Member": _all(_HOUSEHOLDS, _of_household) | _all(_PERSONS),
    "Group": _all(_PERSONS, _in_household_of) | _all(_HOUSEHOLDS),
    "Beneficiary": _all(_PERSONS, _enrolled_person)
    | _all(_HOUSEHOLDS, _enrolled_household)
    | _all(_ENROLMENTS),
}
TABLES: Final[Mapping[str, type[Base]]] = {
    "Member": Person,
    "Group": Household,
    "Beneficiary": Enrolment,
}
