"""Applications: handed in once, found by reference or by person, and moved on by their agency."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from sandbox.registry import clock
from sandbox.registry.clock import seed, today
from sandbox.registry.counter_tables import Application, Booking
from sandbox.registry.lots import lot
from sandbox.registry.offices import all_offices, office_of_slot, slots_of
from sandbox.registry.programmes import programme
from sandbox.registry.receipts import CounterRefused, reference_for
from sandbox.registry.tables import Person

STATES: Final = ("received", "in_review", "documents_missing", "accepted", "refused", "appealed")
_OVER: Final = ("accepted", "refused")
# How many days it stays in a state at least, and among how many more it is drawn.
_TAKES: Final = {
    "received": (3, 4),
    "in_review": (7, 15),
    "documents_missing": (30, 1),
    "appealed": (20, 10),
}
# The register that is entered before anybody can be verified.
_BEFORE_IDENTITY: Final = "rnp"

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Short = Annotated[str, StringConstraints(max_length=40)]


class NewApplication(BaseModel):
    """The body of an application that is handed in."""

    reference: Short = ""
    programme: Key
    person: Short | None
    for_: list[Short] = Field(alias="for", max_length=50)
    answers: dict[Short, Annotated[str, StringConstraints(max_length=2000)]]
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")]
    channel: Annotated[str, StringConstraints(max_length=20)]
    consent_version: Short
    assisted: bool
    given_on: AwareDatetime


def take(session: Session, new: NewApplication) -> str:
    """Take an application and return its reference. Raises CounterRefused."""
    person = session.get(Person, new.person) if new.person else None
    if person is None and (new.person or new.programme != _BEFORE_IDENTITY):
        raise CounterRefused
    kind, day = programme(new.programme), today(session)
    if kind.ended:
        raise CounterRefused("application.programme_closed")
    if not set(new.for_) <= _kin(person):
        raise CounterRefused("application.not_in_household")
    if person is not None and _is_under_way(session, person, new):
        raise CounterRefused("application.already_open")
    reference = reference_for(session, new.reference, lambda asked: Application.reference == asked)
    if "appointment" in new.answers:
        _book(session, new.answers["appointment"], reference)
    application = Application(
        reference=reference,
        given_as=new.reference if new.reference != reference else "",
        idcs=person.idcs if person else None,
        household_code=person.household_code if person else None,
        programme=new.programme,
        for_idcs=new.for_,
        state="received",
        since=day,
        given_on=day,
        next_by=after(day, kind.days_for("decision", day)),
        channel=new.channel,
        given=new.model_dump(mode="json", include={"answers", "locale", "assisted"}),
    )
    session.add(application)
    session.flush()
    application.due_on = due_after(seed(session), application.id, "received", day)
    return reference


def of_person(session: Session, idcs: str) -> list[Application]:
    """What a person's household applied for, newest first."""
    person = session.get(Person, idcs) if idcs.isascii() else None
    if person is None:
        return []
    newest = (Application.given_on.desc(), Application.id.desc())
    return list(session.scalars(select(Application).where(_theirs(person)).order_by(*newest)))


def by_reference(session: Session, reference: str) -> Application | None:
    """An application by the registry's reference, else by the one the citizen was given."""
    if not reference or not reference.isascii():
        return None
    known = select(Application)
    return session.scalars(known.where(Application.reference == reference)).first() or (
        session.scalars(known.where(Application.given_as == reference)).first()
    )


def told(application: Application) -> dict[str, Any]:
    """An application as the wire tells it; what does not apply is left out."""
    days = {name: getattr(application, name) for name in ("next_by", "appeal_by")}
    return {
        "reference": application.reference,
        "programme": application.programme,
        "state": application.state,
        "since": application.since.isoformat(),
        "given_on": application.given_on.isoformat(),
        "missing": application.missing,
        **({"reason": application.reason} if application.reason else {}),
        **{name: day.isoformat() for name, day in days.items() if day},
    }


def move(
    session: Session,
    application: Application,
    day: date,
    state: str,
    reason: str | None = None,
    missing: list[str] | None = None,
) -> None:
    """Move an application on, as its agency does; a first refusal opens the right of appeal."""
    kind, was = programme(application.programme), application.state
    application.state, application.since = state, day
    application.reason, application.missing = reason, missing or []
    is_final = state == "refused" and was == "appealed"
    days = None if is_final or state != "refused" else kind.days_for("appeal", day)
    application.appeal_by = after(day, days)
    application.due_on = due_after(seed(session), application.id, state, day)
    if state in _OVER:
        application.next_by = None
    elif state == "appealed":
        application.next_by = after(day, kind.days_for("appeal_answer", day))


def due_after(drawn_by: int, number: int, state: str, day: date) -> date | None:
    """When an application that came into a state on a day goes on by itself; None for never."""
    if state not in _TAKES:
        return None
    at_least, spread = _TAKES[state]
    return day + timedelta(days=at_least + lot(drawn_by, number, len(state), spread))


def free_slots(session: Session, office: str) -> list[tuple[str, datetime]]:
    """The free appointments at an office, soonest first."""
    if office not in all_offices():
        return []
    now = datetime.fromtimestamp(clock.now(session), UTC)
    taken = set(session.scalars(select(Booking.slot).where(Booking.slot.startswith(f"{office}-"))))
    return [(code, begins) for code, begins in slots_of(office, now) if code not in taken]


def after(day: date, days: int | None) -> date | None:
    """The day that many days later, or None where nobody says how many."""
    return None if days is None else day + timedelta(days=days)


def _kin(person: Person | None) -> set[str]:
    if person is None or person.household is None:
        return {person.idcs} if person else set()
    return {member.idcs for member in person.household.members}


def _theirs(person: Person) -> ColumnElement[bool]:
    theirs = Application.idcs == person.idcs
    if person.household_code is None:
        return theirs
    return or_(theirs, Application.household_code == person.household_code)


def _is_under_way(session: Session, person: Person, new: NewApplication) -> bool:
    """True where the household has one for this programme that is for the same people."""
    same = (Application.programme == new.programme, Application.state.not_in(_OVER))
    for before in session.scalars(select(Application).where(_theirs(person), *same)):
        if not before.for_idcs or not new.for_ or set(before.for_idcs) & set(new.for_):
            return True
    return False


def _book(session: Session, slot: str, reference: str) -> None:
    if slot not in dict(free_slots(session, office_of_slot(slot))):
        raise CounterRefused("appointment.slot_taken")
    session.add(Booking(slot=slot, reference=reference))
