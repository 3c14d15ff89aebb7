"""What the synthetic people applied for, are paid and complained of, from their enrolments.

Every enrolment has the application that led to it. Households in a cash programme have a payment
for each of the last months, this one and the next. What the demonstration people have beside that
stands in `demo_people.toml`, in days before the day of seeding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any, Final

from stdnum.iso7064 import mod_97_10

from sandbox.registry.data_files import read_data
from sandbox.registry.programmes import programme
from sandbox.registry.seed import Population

MONTHS_BACK: Final = 4
_PAID_ON: Final = 28
_GROWN_UP: Final = 21


@dataclass(frozen=True, slots=True)
class Files:
    """Rows for the tables `applications`, `payments` and `complaints`, as plain dictionaries."""

    applications: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    complaints: list[dict[str, Any]]


def make_files(population: Population, today: date) -> Files:
    """Everybody's applications, payments and complaints, dated around `today`."""
    return _Maker(population, today).make()


def month_before(month: date, by: int = 1) -> date:
    """The first day of a month that many months earlier."""
    months = month.year * 12 + month.month - 1 - by
    return date(months // 12, months % 12 + 1, 1)


class _Maker:
    def __init__(self, population: Population, today: date) -> None:
        self._today = today
        self._enrolments = population.enrolments
        self._heads: dict[str, str] = {}
        self._children: dict[str, int] = {}
        self._homes = {row["idcs"]: row["household_code"] for row in population.people}
        for row in population.people:
            code = row["household_code"]
            self._heads.setdefault(code, row["idcs"])
            if today.year - row["birth_date"].year < _GROWN_UP:
                self._children[code] = self._children.get(code, 0) + 1
        self._references = (reference_of(number) for number in count(1))

    def make(self) -> Files:
        demo = read_data("demo_people.toml")
        told = [*demo["people"], *demo["later"]]
        applications = [self._accepted(row) for row in self._enrolments]
        payments = [paid for row in self._enrolments for paid in self._monthly(row)]
        applications += [self._applied(who, row) for who, row in _rows(told, "applications")]
        payments += [self._paid(who, row) for who, row in _rows(told, "payments")]
        complaints = [self._complained(who, row) for who, row in _rows(told, "complaints")]
        applications.sort(key=lambda row: row["given_on"])
        complaints.sort(key=lambda row: row["since"])
        # What is told of a demonstration person's month stands in place of the usual payment.
        one_each = {(p["household_code"], p["programme"], p["month"]): p for p in payments}
        return Files(applications, list(one_each.values()), complaints)

    def _accepted(self, enrolment: dict[str, Any]) -> dict[str, Any]:
        code, since = enrolment["household_code"], enrolment["since"]
        return self._application(
            self._heads[code],
            code,
            programme=enrolment["programme"],
            state="accepted",
            since=since,
            given_on=since - timedelta(days=20),
        )

    def _applied(self, idcs: str, row: dict[str, Any]) -> dict[str, Any]:
        given_on, since = self._ago(row["given"]), self._ago(row["since"])
        kind, state = programme(row["programme"]), row["state"]
        is_open = state not in ("accepted", "refused", "appealed")
        return self._application(
            idcs,
            self._homes[idcs],
            programme=row["programme"],
            state=state,
            since=since,
            given_on=given_on,
            missing=row.get("missing", []),
            reason=row.get("reason"),
            next_by=_after(given_on, kind.days_for("decision", given_on)) if is_open else None,
            appeal_by=_after(since, kind.days_for("appeal", since)) if state == "refused" else None,
        )

    def _application(self, idcs: str, code: str | None, **fields: Any) -> dict[str, Any]:
        nothing: dict[str, Any] = {
            "missing": [],
            "reason": None,
            "next_by": None,
            "appeal_by": None,
        }
        return {
            "reference": next(self._references),
            "given_as": "",
            "idcs": idcs,
            "household_code": code,
            "for_idcs": [],
            "channel": "",
            "given": {},
            **nothing,
            **fields,
        }

    def _monthly(self, enrolment: dict[str, Any]) -> Iterator[dict[str, Any]]:
        kind = programme(enrolment["programme"])
        if not kind.pays:
            return
        code, this_month = enrolment["household_code"], self._today.replace(day=1)
        children = self._children.get(code, 0)
        ended = enrolment["changed_on"]
        for by in range(MONTHS_BACK, -2, -1):
            month = month_before(this_month, by)
            due = month.replace(day=_PAID_ON)
            is_stopped = ended is not None and due >= ended
            if due < enrolment["since"] or (
                is_stopped and (enrolment["status"] == "ended" or by < 0)
            ):
                continue
            state = "paid" if due <= self._today else "scheduled"
            yield self._payment(
                code,
                programme=enrolment["programme"],
                month=month,
                amount=f"{kind.monthly_on(children, month):.2f}",
                state="held" if is_stopped else state,
                day=None if is_stopped else due,
                reason="data_to_update" if is_stopped else None,
            )

    def _paid(self, idcs: str, row: dict[str, Any]) -> dict[str, Any]:
        code = self._homes[idcs]
        collect_at = row.get("collect_at", ["", ""])
        return self._payment(
            str(code),
            programme=row["programme"],
            month=month_before(self._today.replace(day=1), row["months_ago"]),
            amount=row["amount"],
            state=row["state"],
            day=self._ago(row["day"]) if "day" in row else None,
            collect_at=collect_at[0],
            collect_at_arabic=collect_at[1],
            collect_by=self._ago(row["collect_by"]) if "collect_by" in row else None,
            reason=row.get("reason"),
        )

    def _payment(self, code: str, **fields: Any) -> dict[str, Any]:
        nothing = {"collect_at": "", "collect_at_arabic": "", "collect_by": None}
        return {"household_code": code, **nothing, **fields}

    def _complained(self, idcs: str, row: dict[str, Any]) -> dict[str, Any]:
        answer = row.get("answer", ["", ""])
        return {
            "reference": next(self._references),
            "given_as": "",
            "idcs": idcs,
            "category": row["category"],
            "text": "",
            "about": row.get("about", ""),
            "state": row["state"],
            "since": self._ago(row["since"]),
            "answer": answer[0],
            "answer_arabic": answer[1],
        }

    def _ago(self, days: int) -> date:
        return self._today - timedelta(days=days)


def _rows(people: list[dict[str, Any]], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for person in people:
        for row in person.get(name, ()):
            yield person["idcs"], row


def _after(day: date, days: int | None) -> date | None:
    return None if days is None else day + timedelta(days=days)


def reference_of(number: int) -> str:
    """The reference of a seeded file, by its number."""
    digits = f"9{number:09d}"
    return digits + str(mod_97_10.calc_check_digits(digits))
