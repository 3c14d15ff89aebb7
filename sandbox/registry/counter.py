"""The counter's resource, as docs/openapi/twiza-registry.yaml describes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, StringConstraints, ValidationError, model_validator
from sqlalchemy.orm import Session

from sandbox.registry import applications, complaints, contacts, documents, offices
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.programmes import programmes
from sandbox.registry.receipts import STATUSES, CounterRefused, once
from sandbox.registry.records import is_in_arabic
from sandbox.registry.tables import Person

M = TypeVar("M", bound=BaseModel)
ROOT: Final = "/counter/v1"
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")]


class _Search(BaseModel):
    reference: str | None = None
    person: str | None = None
    locale: Locale

    @model_validator(mode="after")
    def _asks_one_thing(self) -> _Search:
        if (self.reference is None) == (self.person is None):
            raise ValueError("either a reference or a person")
        return self


class _Near(BaseModel):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class _OfficeSearch(BaseModel):
    home: str | None = None
    place: str | None = None
    near: _Near | None = None
    locale: Locale

    @model_validator(mode="after")
    def _asks_one_thing(self) -> _OfficeSearch:
        if 1 != sum(asked is not None for asked in (self.home, self.place, self.near)):
            raise ValueError("one of home, place and near")
        return self


class _ProgrammeSearch(BaseModel):
    locale: Locale


class _SlotSearch(BaseModel):
    office: str


def counter_routes(database: RegistryDatabase, name: str) -> Blueprint:
    """The routes under `/counter/v1`; whoever registers them guards them."""
    routes = Blueprint(name, __name__, url_prefix=ROOT)

    @routes.before_request
    def let_documents_be_large() -> None:
        if request.path.endswith("/documents"):
            request.max_content_length = documents.LARGEST_BODY

    @routes.errorhandler(CounterRefused)
    def refuse(refused: CounterRefused) -> ResponseReturnValue:
        return problem(STATUSES[refused.code], refused.code)

    @routes.post("/applications")
    def apply() -> ResponseReturnValue:
        new = _read(applications.NewApplication)
        return _hand_in(database, "application", lambda session: applications.take(session, new))

    @routes.post("/complaints")
    def complain() -> ResponseReturnValue:
        new = _read(complaints.NewComplaint)
        return _hand_in(database, "complaint", lambda session: complaints.take(session, new))

    @routes.post("/contacts")
    def change_contact() -> ResponseReturnValue:
        new = _read(contacts.NewContact)
        return _hand_in(database, "contact", lambda session: contacts.take(session, new))

    @routes.post("/documents")
    def add_document() -> ResponseReturnValue:
        new, key = _read(documents.NewDocument), request.headers.get("Idempotency-Key", "")
        return _hand_in(database, "document", lambda session: documents.take(session, new, key))

    @routes.post("/documents/search")
    def find_documents() -> ResponseReturnValue:
        asked = _read(documents.DocumentSearch)
        with database.read() as session:
            found = documents.of_application(session, asked.application)
            return jsonify(documents=[documents.told(one) for one in found])

    @routes.post("/applications/search")
    def find_applications() -> ResponseReturnValue:
        asked = _read(_Search)
        with database.read() as session:
            if asked.person is not None:
                found = applications.of_person(session, asked.person)
            else:
                one = applications.by_reference(session, asked.reference or "")
                found = [one] if one else []
            return jsonify(applications=[applications.told(one) for one in found])

    @routes.post("/complaints/search")
    def find_complaints() -> ResponseReturnValue:
        asked = _read(_Search)
        with database.read() as session:
            if asked.person is not None:
                found = complaints.of_person(session, asked.person)
            else:
                one = complaints.by_reference(session, asked.reference or "")
                found = [one] if one else []
            in_arabic = is_in_arabic(asked.locale)
            return jsonify(complaints=[complaints.told(one, in_arabic) for one in found])

    @routes.post("/offices/search")
    def find_offices() -> ResponseReturnValue:
        asked = _read(_OfficeSearch)
        in_arabic = is_in_arabic(asked.locale)
        return jsonify(offices=[one.told(in_arabic) for one in _offices(database, asked)])

    @routes.post("/appointments/search")
    def find_appointments() -> ResponseReturnValue:
        asked = _read(_SlotSearch)
        with database.read() as session:
            free = applications.free_slots(session, asked.office)[: offices.AT_MOST]
        found = [{"code": code, "begins": begins.isoformat()} for code, begins in free]
        return jsonify(appointments=found)

    @routes.post("/programmes/search")
    def find_programmes() -> ResponseReturnValue:
        _read(_ProgrammeSearch)
        found = [
            {"programme": key, "state": "ended" if known.ended else "open"}
            for key, known in programmes().items()
        ]
        return jsonify(programmes=found)

    return routes


def problem(status: int, code: str) -> ResponseReturnValue:
    """A refusal as problem details (RFC 9457), with a code of ours; it quotes nothing."""
    answer: Response = jsonify(type="about:blank", title=code, status=status, code=code)
    answer.content_type = "application/problem+json"
    return answer, status


def _offices(database: RegistryDatabase, asked: _OfficeSearch) -> list[offices.Office]:
    if asked.place is not None:
        return offices.offices_of(asked.place)
    if asked.near is not None:
        return offices.offices_near(asked.near.latitude, asked.near.longitude)
    home = asked.home or ""
    with database.read() as session:
        person = session.get(Person, home) if home.isascii() else None
        household = person.household if person else None
        office = offices.home_office(household.code, household.region) if household else None
    return [office] if office else []


def _hand_in(
    database: RegistryDatabase, topic: str, take: Callable[[Session], str]
) -> ResponseReturnValue:
    """Take what is handed in with its key in one transaction, and answer once it is kept."""
    key = request.headers.get("Idempotency-Key", "")
    with database.write() as session:
        reference = once(session, topic, key, lambda: take(session))
    return jsonify(reference=reference)


def _read(model: type[M]) -> M:
    body: Any = request.get_json(silent=True)
    try:
        return model.model_validate(body)
    except ValidationError:
        raise CounterRefused from None
