"""The sandbox registry as a Flask application: `gunicorn "sandbox.registry.app:create_app()"`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.environment import read_settings
from core.logs import set_up_logs
from sandbox.registry import clock
from sandbox.registry.access import TOKEN_LIFE_SECONDS, Access
from sandbox.registry.authentication import Authentication
from sandbox.registry.counter import counter_routes
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.envelope import (
    MessageRefused,
    SearchRefused,
    check_message,
    read_search,
    write_answer,
    write_found,
    write_refused,
)
from sandbox.registry.messages import message_routes
from sandbox.registry.notices import Notifier
from sandbox.registry.one_time_codes import OneTimeCodes
from sandbox.registry.operator import operator_routes
from sandbox.registry.searches import find
from sandbox.registry.settings import SandboxRegistrySettings
from sandbox.registry.tables import Person


def create_app(settings: SandboxRegistrySettings | None = None) -> Flask:
    """The application; without settings it reads them from the environment and sets up logs."""
    if settings is None:
        settings = read_settings(SandboxRegistrySettings)
        set_up_logs("registry", settings.log_level)
    database = RegistryDatabase(settings.registry_database_url)
    key = settings.registry_client_secret.get_secret_value().encode()
    codes = OneTimeCodes(key, settings.code_life_seconds, settings.codes_per_person)
    access = Access(settings)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    app.extensions["registry_database"] = database
    app.register_blueprint(_open_routes(access, database))
    notifier = Notifier(database, settings)
    app.extensions["registry_notifier"] = notifier
    app.register_blueprint(operator_routes(database, notifier))
    authentication = Authentication(database, codes, settings.sms_url)
    for routes in (
        _guarded_routes(database, authentication),
        message_routes(database),
        counter_routes(database),
    ):
        routes.before_request(refuse_strangers(access))
        app.register_blueprint(routes)
    return app


def refuse_strangers(access: Access) -> Callable[[], ResponseReturnValue | None]:
    """What refuses a call without a token that was given here."""

    def refuse() -> ResponseReturnValue | None:
        if access.is_granted(request.headers.get("Authorization", "")):
            return None
        return _error(401, "err.request.unauthorized")

    return refuse


def _open_routes(access: Access, database: RegistryDatabase) -> Blueprint:
    routes = Blueprint("open", __name__)

    @routes.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify(status="ok")

    @routes.post("/oauth2/client/token")
    def token() -> ResponseReturnValue:
        given = access.token(request.form)
        if given is None:
            return jsonify(error="invalid_client"), 401
        return jsonify(access_token=given, token_type="Bearer", expires_in=TOKEN_LIFE_SECONDS)

    @routes.get("/sandbox/citizens")
    def citizens() -> ResponseReturnValue:
        with Session(database.reading) as session:
            people = session.scalars(
                select(Person).where(Person.summary != "").order_by(Person.rank)
            )
            return jsonify(
                [
                    {
                        "idcs": person.idcs,
                        "birth_date": person.birth_date.isoformat(),
                        "phone": person.phone,
                        "language": person.language,
                        "summary": person.summary,
                    }
                    for person in people
                ]
            )

    @routes.get("/sandbox/clock")
    def read_clock() -> ResponseReturnValue:
        with Session(database.reading) as session:
            return jsonify(ahead_seconds=clock.ahead_seconds(session), now=clock.now(session))

    @routes.post("/sandbox/clock")
    def advance_clock() -> ResponseReturnValue:
        body: Any = request.get_json(silent=True)
        seconds: Any = body.get("advance_seconds") if isinstance(body, dict) else None
        if type(seconds) not in (int, float) or not math.isfinite(seconds):
            return _error(400, "err.request.bad")
        with Session(database.writing) as session, session.begin():
            clock.advance(session, seconds)
        return read_clock()

    return routes


def _guarded_routes(database: RegistryDatabase, authentication: Authentication) -> Blueprint:
    routes = Blueprint("guarded", __name__)

    @routes.post("/registry/sync/search")
    def search() -> ResponseReturnValue:
        body: Any = request.get_json(silent=True)
        try:
            asked = check_message(body)
        except MessageRefused as refused:
            if refused.code.startswith("err."):
                return _error(400, refused.code)
            return jsonify(write_answer(body, [], refused.code))
        with Session(database.reading) as session:
            return jsonify(write_answer(body, [_answer_one(session, item) for item in asked]))

    @routes.post("/idauthentication/v1/otp/<misp>/<partner>/<key>")
    def send_code(misp: str, partner: str, key: str) -> ResponseReturnValue:
        return jsonify(authentication.send_code(request.get_json(silent=True)))

    @routes.post("/idauthentication/v1/auth/<misp>/<partner>/<key>")
    def check_code(misp: str, partner: str, key: str) -> ResponseReturnValue:
        return jsonify(authentication.check_code(request.get_json(silent=True)))

    return routes


def _answer_one(session: Session, item: Any) -> dict[str, Any]:
    try:
        asked = read_search(item)
        return write_found(asked, find(session, asked))
    except SearchRefused as refused:
        return write_refused(item, refused.code)


def _error(status: int, code: str) -> tuple[Response, int]:
    return jsonify(errors=[{"code": code, "message": code}]), status
