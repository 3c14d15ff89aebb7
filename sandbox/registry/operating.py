"""What an operator of the sandbox may make happen now, for demonstrations and tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from sandbox.registry import applications, clock, complaints
from sandbox.registry.applications import Key
from sandbox.registry.clock import today
from sandbox.registry.counter_tables import Payment
from sandbox.registry.life import decisions, indexes
from sandbox.registry.life.complaints import answer
from sandbox.registry.notices import note
from sandbox.registry.receipts import CounterRefused
from sandbox.registry.tables import Household, Person


class Move(BaseModel):
    """An application goes on."""

    state: Literal["received", "in_review", "documents_missing", "accepted", "refused", "appealed"]
    reason: (
        Literal[
            "index_above_limit",
            "other_allowance",
            "public_employee",
            "pension",
            "data_mismatch",
            "documents_missing",
            "other",
        ]
        | None
    ) = None
    missing: list[Key] = []


class Pay(BaseModel):
    """A payment of a month is so."""

    idcs: str
    programme: Key
    month: date
    amount: Annotated[str, StringConstraints(pattern=r"^\d{1,9}\.\d{2}$")] = "500.00"
    state: Literal["scheduled", "ready", "paid", "failed", "held"]
    day: date | None = None
    collect_at: str = ""
    collect_by: date | None = None
    reason: (
        Literal[
            "account_invalid",
            "not_collected",
            "data_to_update",
            "index_above_limit",
            "under_review",
            "other",
        ]
        | None
    ) = None


class Recompute(BaseModel):
    """A household gets an index."""

    idcs: str
    index: Annotated[Decimal, Field(gt=0, lt=100, decimal_places=7)]


class Answer(BaseModel):
    """A complaint is answered, in the usual words."""

    reference: str


class Contact(BaseModel):
    """How far the number on file of a person can be relied on."""

    idcs: str
    standing: Literal["good", "sim_changed", "number_mismatch"]


class SetClock(BaseModel):
    """The clock goes on by seconds, or to a moment."""

    advance_seconds: Annotated[float, Field(strict=True, allow_inf_nan=False)] | None = None
    to: AwareDatetime | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> SetClock:
        if (self.advance_seconds is None) == (self.to is None):
            raise ValueError("either seconds or a moment")
        return self


def move(session: Session, reference: str, asked: Move) -> tuple[dict[str, Any], int]:
    """Move an application on; as it is then, and how many are told. Raises CounterRefused."""
    application = applications.by_reference(session, reference)
    if application is None:
        raise CounterRefused
    told = decisions.move(
        session, application, today(session), asked.state, asked.reason, asked.missing
    )
    return applications.told(application), told


def pay(session: Session, asked: Pay) -> int:
    """Make a payment be so; how many are told. Raises CounterRefused."""
    household = _household(session, asked.idcs)
    month = asked.month.replace(day=1)
    given = asked.model_dump(exclude={"idcs", "month"}) | {"collect_at_arabic": asked.collect_at}
    given["changed_on"] = today(session)
    session.merge(Payment(household_code=household.code, month=month, **given))
    kin = [member.idcs for member in household.members]
    detail = {"month": month.isoformat(), "state": asked.state, "reason": asked.reason or ""}
    return note(session, kin, "payment_changed", asked.programme, detail)


def recompute(session: Session, asked: Recompute) -> int:
    """Give a household an index; how many are told. Raises CounterRefused."""
    household = _household(session, asked.idcs)
    indexes.recompute(household, today(session), asked.index)
    return indexes.tell(session, household)


def answer_complaint(session: Session, asked: Answer) -> dict[str, Any]:
    """Answer a complaint; as it is then. Raises CounterRefused."""
    complaint = complaints.by_reference(session, asked.reference)
    if complaint is None:
        raise CounterRefused
    complaint.state, complaint.since, complaint.due_on = "answered", today(session), None
    answer(complaint)
    return complaints.told(complaint, in_arabic=False)


def set_contact(session: Session, asked: Contact) -> None:
    """Say how far a number can be relied on. Raises CounterRefused."""
    person = session.get(Person, asked.idcs) if asked.idcs.isascii() else None
    if person is None:
        raise CounterRefused
    person.contact_standing = asked.standing


def set_clock(session: Session, asked: SetClock) -> None:
    """Set the clock; what happens by itself happens afterwards (life/days.py)."""
    if asked.to is not None:
        clock.set_to(session, asked.to)
    else:
        clock.advance(session, asked.advance_seconds or 0.0)


def _household(session: Session, idcs: str) -> Household:
    person = session.get(Person, idcs) if idcs.isascii() else None
    if person is None or person.household is None:
        raise CounterRefused
    return person.household
