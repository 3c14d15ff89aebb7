"""Applications go on: studied, then accepted, refused with a reason, or waiting for papers.

What the household's file says goes before any lot: an index above the limit is refused for it, and
an index that is not there yet is waited for.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.registry import applications
from sandbox.registry.counter_tables import Application
from sandbox.registry.lots import share
from sandbox.registry.notices import note
from sandbox.registry.programmes import Programme, programme
from sandbox.registry.tables import Enrolment, Household

OUTCOME: Final = 11
# Up to which lot of a hundred an application ends so.
_OUTCOMES: Final = (
    (70, "accepted", None),
    (80, "documents_missing", None),
    (86, "refused", "data_mismatch"),
    (91, "refused", "other_allowance"),
    (95, "refused", "public_employee"),
    (98, "refused", "pension"),
    (100, "refused", "other"),
)
_APPEALS_WON: Final = 40
_WAITS_FOR_AN_INDEX: Final = timedelta(days=15)


def next_due(session: Session, day: date) -> date | None:
    """The next day on which an application goes on."""
    return session.scalar(select(func.min(Application.due_on)))


def happen(session: Session, seed: int, day: date) -> None:
    """Move on what is due."""
    due = select(Application).where(Application.due_on <= day).order_by(Application.id)
    for application in session.scalars(due).all():
        state, reason = _next_state(session, seed, application, day)
        if state is None:
            application.due_on = day + _WAITS_FOR_AN_INDEX
        else:
            kind = programme(application.programme)
            missing = _papers(kind, day) if state == "documents_missing" else []
            move(session, application, day, state, reason, missing)


def move(
    session: Session,
    application: Application,
    day: date,
    state: str,
    reason: str | None = None,
    missing: list[str] | None = None,
) -> int:
    """Move an application on, with all that follows from it; how many are told."""
    applications.move(session, application, day, state, reason, missing)
    if state == "accepted":
        _enrol(session, application, day)
    kind = "application_changed"
    detail = {"reference": application.reference, "state": state, "reason": reason or ""}
    if state == "documents_missing":
        kind, detail = "document_missing", {"missing": ",".join(missing or []), **detail}
    return note(session, _kin(session, application), kind, application.programme, detail)


def _next_state(
    session: Session, seed: int, application: Application, day: date
) -> tuple[str | None, str | None]:
    match application.state:
        case "received":
            return "in_review", None
        case "documents_missing":
            return "refused", "documents_missing"
        case "appealed":
            is_won = share(seed, application.id, OUTCOME + 1) < _APPEALS_WON
            return ("accepted", None) if is_won else ("refused", application.reason)
        case _:
            return _decision(session, seed, application, day)


def _decision(
    session: Session, seed: int, application: Application, day: date
) -> tuple[str | None, str | None]:
    limit = programme(application.programme).limit_on(day)
    household = _household(session, application)
    if limit is not None and household is not None:
        if household.index is None:
            return None, None
        if Decimal(household.index) > limit:
            return "refused", "index_above_limit"
    drawn = share(seed, application.id, OUTCOME)
    return next((state, reason) for up_to, state, reason in _OUTCOMES if drawn < up_to)


def _papers(kind: Programme, day: date) -> list[str]:
    """The first paper that a programme asks for."""
    keys = [one["key"] for one in kind.file.get("documents", ()) if one["from"] <= day]
    return keys[:1] or ["identity_card"]


def _enrol(session: Session, application: Application, day: date) -> None:
    household = _household(session, application)
    if household is None or not programme(application.programme).benefit:
        return
    key = (household.code, application.programme)
    enrolment = session.get(Enrolment, key)
    if enrolment is None:
        new = {"household_code": household.code, "programme": application.programme}
        session.add(Enrolment(**new, status="active", since=day))
    elif enrolment.status != "active":
        enrolment.status, enrolment.changed_on = "active", day


def _household(session: Session, application: Application) -> Household | None:
    code = application.household_code
    return session.get(Household, code) if code else None


def _kin(session: Session, application: Application) -> list[str]:
    household = _household(session, application)
    if household:
        return [member.idcs for member in household.members]
    return [application.idcs] if application.idcs else []
