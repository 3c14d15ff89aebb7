"""Complaints and appeals: handed in once, found by reference or by person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry import applications
from sandbox.registry.applications import Key, Short
from sandbox.registry.clock import seed, today
from sandbox.registry.counter_tables import Complaint
from sandbox.registry.lots import lot
from sandbox.registry.receipts import CounterRefused, reference_for
from sandbox.registry.tables import Person

# The category of a complaint that contests a decision.
_APPEAL: Final = "appeal"
# How many days it stays in a state at least, and among how many more it is drawn.
_TAKES: Final = {"received": (2, 3), "in_review": (6, 9)}


class NewComplaint(BaseModel):
    """The body of a complaint that is handed in."""

    reference: Short = ""
    category: Key
    text: Annotated[str, StringConstraints(max_length=4000)]
    person: Short | None
    about: Short
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")]
    channel: Annotated[str, StringConstraints(max_length=20)]
    given_on: AwareDatetime


def take(session: Session, new: NewComplaint) -> str:
    """Take a complaint and return its reference; an appeal in time opens its application again."""
    person = session.get(Person, new.person) if new.person else None
    if new.person and person is None:
        raise CounterRefused
    reference = reference_for(session, new.reference, lambda asked: Complaint.reference == asked)
    day = today(session)
    complaint = Complaint(
        reference=reference,
        given_as=new.reference if new.reference != reference else "",
        idcs=person.idcs if person else None,
        category=new.category,
        text=new.text,
        about=new.about,
        state="received",
        since=day,
    )
    session.add(complaint)
    session.flush()
    complaint.due_on = due_after(seed(session), complaint.id, "received", day)
    if new.category == _APPEAL and person is not None:
        _contest(session, person, new.about)
    return reference


def of_person(session: Session, idcs: str) -> list[Complaint]:
    """The complaints of a person, newest first."""
    if not idcs.isascii() or not idcs:
        return []
    newest = (Complaint.since.desc(), Complaint.id.desc())
    return list(session.scalars(select(Complaint).where(Complaint.idcs == idcs).order_by(*newest)))


def by_reference(session: Session, reference: str) -> Complaint | None:
    """A complaint by the registry's reference, else by the one the citizen was given."""
    if not reference or not reference.isascii():
        return None
    known = select(Complaint)
    return session.scalars(known.where(Complaint.reference == reference)).first() or (
        session.scalars(known.where(Complaint.given_as == reference)).first()
    )


def told(complaint: Complaint, in_arabic: bool) -> dict[str, Any]:
    """A complaint as the wire tells it, its answer in the words asked for."""
    return {
        "reference": complaint.reference,
        "category": complaint.category,
        "state": complaint.state,
        "since": complaint.since.isoformat(),
        "answer": complaint.answer_arabic if in_arabic else complaint.answer,
    }


def due_after(drawn_by: int, number: int, state: str, day: date) -> date | None:
    """When a complaint that came into a state on a day goes on by itself; None for never."""
    if state not in _TAKES:
        return None
    at_least, spread = _TAKES[state]
    return day + timedelta(days=at_least + lot(drawn_by, number, len(state), spread))


def _contest(session: Session, person: Person, reference: str) -> None:
    application = applications.by_reference(session, reference)
    if application is None or application not in applications.of_person(session, person.idcs):
        return
    day = today(session)
    in_time = application.appeal_by is None or day <= application.appeal_by
    if application.state == "refused" and in_time:
        applications.move(session, application, day, "appealed", application.reason)
