"""What an operator of the sandbox may make happen now, for demonstrations and tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, StringConstraints, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.registry import applications
from sandbox.registry.applications import Key, registry_day
from sandbox.registry.counter import problem
from sandbox.registry.counter_tables import Application, Complaint, Notice, Payment
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.notices import INDEX_CHANGED, Notifier, note
from sandbox.registry.receipts import INVALID, CounterRefused
from sandbox.registry.tables import Household, Person

M = TypeVar("M", bound=BaseModel)


class _Move(BaseModel):
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


class _Pay(BaseModel):
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


class _Recompute(BaseModel):
    idcs: str
    index: Annotated[Decimal, Field(gt=0, lt=100)]


def operator_routes(database: RegistryDatabase, notifier: Notifier) -> Blueprint:
    """The routes under `/sandbox`; they are open, like all of the sandbox's controls."""
    routes = Blueprint("operator", __name__, url_prefix="/sandbox")

    @routes.errorhandler(CounterRefused)
    def refuse(refused: CounterRefused) -> ResponseReturnValue:
        return problem(422, refused.code)

    @routes.get("/applications")
    def handed_in() -> ResponseReturnValue:
        with Session(database.reading) as session:
            found = session.scalars(
                select(Application).where(Application.channel != "").order_by(Application.id)
            )
            told = [{**applications.told(one), "channel": one.channel} for one in found]
            complained = session.scalar(
                select(func.count()).select_from(Complaint).where(Complaint.text != "")
            )
            waiting = session.scalar(select(func.count()).select_from(Notice))
        return jsonify(
            count=len(told), applications=told, complaints=complained, notices_waiting=waiting
        )

    @routes.post("/applications/<reference>")
    def move(reference: str) -> ResponseReturnValue:
        asked = _read(_Move)
        with Session(database.writing) as session, session.begin():
            application = applications.by_reference(session, reference)
            if application is None:
                return problem(404, INVALID)
            applications.move(
                session, application, asked.state, reason=asked.reason, missing=asked.missing
            )
            kind = "application_changed"
            detail = {"reference": reference, "state": asked.state, "reason": asked.reason or ""}
            if asked.state == "documents_missing":
                kind, detail = "document_missing", {"missing": ",".join(asked.missing), **detail}
            told = note(session, _kin(session, application), kind, application.programme, detail)
            answer = applications.told(application)
        notifier.wake()
        return jsonify(application=answer, notices=told)

    @routes.post("/payments")
    def pay() -> ResponseReturnValue:
        asked = _read(_Pay)
        with Session(database.writing) as session, session.begin():
            household = _household(session, asked.idcs)
            month = asked.month.replace(day=1)
            session.merge(
                Payment(
                    household_code=household.code,
                    collect_at_arabic=asked.collect_at,
                    **asked.model_dump(exclude={"idcs", "month"}),
                    month=month,
                )
            )
            kin = [member.idcs for member in household.members]
            detail = {"month": month.isoformat(), "state": asked.state}
            detail["reason"] = asked.reason or ""
            told = note(session, kin, "payment_changed", asked.programme, detail)
        notifier.wake()
        return jsonify(notices=told)

    @routes.post("/index")
    def recompute() -> ResponseReturnValue:
        asked = _read(_Recompute)
        with Session(database.writing) as session, session.begin():
            household = _household(session, asked.idcs)
            household.index, household.index_date = str(asked.index), registry_day(session)
            household.rsu_status = "index_ready"
            kin = [member.idcs for member in household.members]
            told = note(session, kin, INDEX_CHANGED, "", {})
        notifier.wake()
        return jsonify(notices=told)

    return routes


def _household(session: Session, idcs: str) -> Household:
    person = session.get(Person, idcs) if idcs.isascii() else None
    if person is None or person.household is None:
        raise CounterRefused
    return person.household


def _kin(session: Session, application: Application) -> list[str]:
    household = application.household_code and session.get(Household, application.household_code)
    if household:
        return [member.idcs for member in household.members]
    return [application.idcs] if application.idcs else []


def _read(model: type[M]) -> M:
    body: Any = request.get_json(silent=True)
    try:
        return model.model_validate(body)
    except ValidationError:
        raise CounterRefused from None
