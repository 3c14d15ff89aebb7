"""Complaints and appeals: handed in once, found by reference or by person."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry import applications
from sandbox.registry.applications import Key, Short, registry_day
from sandbox.registry.counter_tables import Complaint
from sandbox.registry.receipts import CounterRefused, reference_for
from sandbox.registry.tables import Person

# The category of a complaint that contests a decision.
_APPEAL: Final = "appeal"


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
    session.add(
        Complaint(
            reference=reference,
            given_as=new.reference if new.reference != reference else "",
            idcs=person.idcs if person else None,
            category=new.category,
            text=new.text,
            about=new.about,
            state="received",
            since=registry_day(session),
        )
    )
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


def _contest(session: Session, person: Person, reference: str) -> None:
    application = applications.by_reference(session, reference)
    if application is None or application not in applications.of_person(session, person.idcs):
        return
    in_time = application.appeal_by is None or registry_day(session) <= application.appeal_by
    if application.state == "refused" and in_time:
        applications.move(session, application, "appealed", reason=application.reason)
