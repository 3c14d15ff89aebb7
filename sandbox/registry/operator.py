"""The operator's controls as JSON under `/sandbox`; they are open, like all of the sandbox's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.registry import applications, clock, documents, operating
from sandbox.registry.counter import problem
from sandbox.registry.counter_tables import Application, Complaint, Document
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.faults import Fault, Faults
from sandbox.registry.life.days import catch_up
from sandbox.registry.message_tables import Outgoing
from sandbox.registry.notices import NOTIFY
from sandbox.registry.outgoing import Poster
from sandbox.registry.receipts import INVALID, CounterRefused
from sandbox.registry.tables import Person

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")


def operator_routes(database: RegistryDatabase, poster: Poster, faults: Faults) -> Blueprint:
    """The routes under `/sandbox`."""
    routes = Blueprint("operator", __name__, url_prefix="/sandbox")

    def do(work: Callable[[Session], R]) -> R:
        with database.write() as session:
            done = work(session)
        poster.wake()
        return done

    @routes.errorhandler(CounterRefused)
    def refuse(refused: CounterRefused) -> ResponseReturnValue:
        return problem(422, refused.code)

    @routes.get("/citizens")
    def citizens() -> ResponseReturnValue:
        offered = select(Person).where(Person.summary != "").order_by(Person.rank)
        with database.read() as session:
            return jsonify([_offered(person) for person in session.scalars(offered)])

    @routes.get("/applications")
    def handed_in() -> ResponseReturnValue:
        with database.read() as session:
            found = session.scalars(
                select(Application).where(Application.channel != "").order_by(Application.id)
            )
            told = [{**applications.told(one), "channel": one.channel} for one in found]
            complained = session.scalar(
                select(func.count()).select_from(Complaint).where(Complaint.text != "")
            )
            waiting = session.scalar(select(func.count()).where(Outgoing.action == NOTIFY))
        return jsonify(
            count=len(told), applications=told, complaints=complained, notices_waiting=waiting
        )

    @routes.get("/documents")
    def list_documents() -> ResponseReturnValue:
        with database.read() as session:
            found = session.scalars(select(Document).order_by(Document.id))
            told = [{**documents.told(one), "application": one.application} for one in found]
        return jsonify(documents=told)

    @routes.get("/documents/<reference>")
    def show_document(reference: str) -> ResponseReturnValue:
        with database.read() as session:
            found = documents.by_reference(session, reference)
            if found is None:
                return problem(404, INVALID)
            answer = Response(found.content, content_type=found.content_type)
        # Whatever somebody sent is looked at as a picture or a PDF, and runs nothing.
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    @routes.post("/applications/<reference>")
    def move(reference: str) -> ResponseReturnValue:
        asked = _read(operating.Move)
        try:
            answer, told = do(lambda session: operating.move(session, reference, asked))
        except CounterRefused:
            return problem(404, INVALID)
        return jsonify(application=answer, notices=told)

    @routes.post("/payments")
    def pay() -> ResponseReturnValue:
        asked = _read(operating.Pay)
        return jsonify(notices=do(lambda session: operating.pay(session, asked)))

    @routes.post("/index")
    def recompute() -> ResponseReturnValue:
        asked = _read(operating.Recompute)
        return jsonify(notices=do(lambda session: operating.recompute(session, asked)))

    @routes.post("/complaints")
    def answer() -> ResponseReturnValue:
        asked = _read(operating.Answer)
        return jsonify(complaint=do(lambda session: operating.answer_complaint(session, asked)))

    @routes.post("/contact")
    def set_contact() -> ResponseReturnValue:
        asked = _read(operating.Contact)
        do(lambda session: operating.set_contact(session, asked))
        return jsonify(asked.model_dump())

    @routes.get("/clock")
    def read_clock() -> ResponseReturnValue:
        with database.read() as session:
            return jsonify(ahead_seconds=clock.ahead_seconds(session), now=clock.now(session))

    @routes.post("/clock")
    def set_clock() -> ResponseReturnValue:
        try:
            asked = _read(operating.SetClock)
        except CounterRefused:
            return jsonify(errors=[{"code": "err.request.bad", "message": "err.request.bad"}]), 400
        do(lambda session: operating.set_clock(session, asked))
        catch_up(database)
        poster.wake()
        return read_clock()

    @routes.post("/anew")
    def begin_anew() -> ResponseReturnValue:
        database.begin_anew()
        return read_clock()

    @routes.get("/faults")
    def list_faults() -> ResponseReturnValue:
        return jsonify(faults=[fault.model_dump() for fault in faults.all()])

    @routes.post("/faults")
    def add_fault() -> ResponseReturnValue:
        faults.add(_read(Fault))
        return list_faults()

    @routes.delete("/faults")
    def drop_faults() -> ResponseReturnValue:
        faults.clear()
        return list_faults()

    return routes


def _offered(person: Person) -> dict[str, Any]:
    return {
        "idcs": person.idcs,
        "birth_date": person.birth_date.isoformat(),
        "phone": person.phone,
        "language": person.language,
        "summary": person.summary,
    }


def _read(model: type[M]) -> M:
    body: Any = request.get_json(silent=True)
    try:
        return model.model_validate(body)
    except ValidationError:
        raise CounterRefused from None
