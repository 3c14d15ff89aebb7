"""The sandbox's people and offices as the pretend registry takes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from actions.registry.port import (
    Enrolment,
    EnrolmentStatus,
    Household,
    Person,
    RnpStatus,
    RsuStatus,
)
from actions.registry.pretend import PretendOffice, PretendRecord
from actions.registry.shapes import (
    Application,
    ApplicationState,
    Complaint,
    ComplaintState,
    Cover,
    Member,
    Office,
    Payment,
    PaymentReason,
    PaymentState,
    RefusalReason,
    Slot,
)
from sandbox.registry import offices
from sandbox.registry.programmes import programme
from sandbox.registry.seed import make_population
from sandbox.registry.seed_files import make_files

Row = dict[str, Any]


def pretend_records(today: date) -> Iterator[PretendRecord]:
    """Everybody, with what their household applied for and is paid."""
    population = make_population(today)
    files = make_files(population, today)
    households = {row["code"]: row for row in population.households}
    enrolled = _by(population.enrolments, "household_code")
    members = _by(population.people, "household_code")
    applied = _by(files.applications, "household_code")
    paid = _by(files.payments, "household_code")
    complained = _by(files.complaints, "idcs")
    for row in population.people:
        code, household = row["household_code"], households.get(row["household_code"])
        home = offices.home_office(code, household["region"]) if household else None
        enrolments = enrolled.get(code, []) if code else []
        yield PretendRecord(
            person=Person(
                row["idcs"],
                RnpStatus(row["rnp_status"]),
                row["birth_date"],
                row["phone"],
                row["language"],
            ),
            household=_household(household) if household else None,
            enrolments=tuple(map(_enrolment, enrolments)),
            members=tuple(map(_member, members[code])) if code else (),
            applications=tuple(map(_application, reversed(applied.get(code, [])))) if code else (),
            payments=tuple(map(_payment, paid.get(code, []))) if code else (),
            covers=tuple(map(_cover, filter(_is_cover, enrolments))),
            complaints=tuple(map(_complaint, reversed(complained.get(row["idcs"], [])))),
            home_office=home.code if home else "",
        )


def pretend_offices(now: datetime) -> Iterator[PretendOffice]:
    """Every office in both scripts, with its appointments to come."""
    for code, office in offices.all_offices().items():
        slots = tuple(Slot(slot, begins) for slot, begins in offices.slots_of(code, now))
        latin, arabic = Office(**office.told(False)), Office(**office.told(True))
        yield PretendOffice(latin, *office.at, slots=slots, arabic=arabic)


def _by(rows: list[Row], column: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _household(row: Row) -> Household:
    return Household(
        RsuStatus(row["rsu_status"]),
        row["size"],
        Decimal(row["index"]) if row["index"] else None,
        row["index_date"],
        row["registered_on"],
        row["area"],
    )


def _enrolment(row: Row) -> Enrolment:
    return Enrolment(row["programme"], EnrolmentStatus(row["status"]), row["since"])


def _member(row: Row) -> Member:
    return Member(row["idcs"], row["given_name"], row["birth_date"])


def _is_cover(row: Row) -> bool:
    return programme(row["programme"]).benefit == "6"


def _cover(row: Row) -> Cover:
    return Cover(row["programme"], row["status"] == "active", row["since"], row["changed_on"])


def _application(row: Row) -> Application:
    return Application(
        reference=row["reference"],
        programme=row["programme"],
        state=ApplicationState(row["state"]),
        since=row["since"],
        given_on=row["given_on"],
        missing=tuple(row["missing"]),
        reason=RefusalReason(row["reason"]) if row["reason"] else None,
        next_by=row["next_by"],
        appeal_by=row["appeal_by"],
    )


def _payment(row: Row) -> Payment:
    return Payment(
        programme=row["programme"],
        month=row["month"],
        amount=Decimal(row["amount"]),
        state=PaymentState(row["state"]),
        day=row["day"],
        collect_at=row["collect_at"],
        collect_by=row["collect_by"],
        reason=PaymentReason(row["reason"]) if row["reason"] else None,
    )


def _complaint(row: Row) -> Complaint:
    return Complaint(
        row["reference"],
        row["category"],
        ComplaintState(row["state"]),
        row["since"],
        row["answer"],
    )
