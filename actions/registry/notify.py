"""The registry intake: where the registry tells of changes. A process of its own, for it alone.

`gunicorn "actions.registry.notify:create_app()"` serves POST /registry/notify (SPDCI). An event is
acknowledged once it is in the queue, sealed; where it cannot be queued the registry is told to come
again. The same event told twice is one notice (worker/notices.py).
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import asdict
from typing import Any, Final

import orjson
from flask import Flask, Response, request

from actions.registry.envelope import now_with_zone
from actions.registry.notices import read_notify
from actions.settings import IntakeSettings
from core.environment import read_settings
from core.errors import RegistryAnswerUnreadable, StoreUnavailable
from core.keys import open_ring
from core.logs import log, set_up_logs
from core.privacy import Seal
from core.tasks import Tasks

_LOG = log(__name__)
TAKE: Final = "worker.notices.take"
_LARGEST_CALL: Final = 1024 * 1024
_BAD: Final = "err.request.bad"


def create_app(settings: IntakeSettings | None = None) -> Flask:
    """The process's Flask app: POST /registry/notify for the registry, GET /health."""
    settings = settings or read_settings(IntakeSettings)
    set_up_logs("intake", settings.log_level)
    seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    tasks = Tasks("intake", settings.broker_url, seal)
    shown = f"Bearer {settings.notify_token.get_secret_value()}".encode()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_CALL

    @app.post("/registry/notify")
    def notify() -> Response:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), shown):
            return _json({"errors": [_error("err.request.unauthorized")]}, 401)
        try:
            message: Any = orjson.loads(request.get_data())
            events = read_notify(message)
        except (orjson.JSONDecodeError, RegistryAnswerUnreadable) as fault:
            _LOG.warning("notify_unreadable", fault=type(fault).__name__)
            return _acknowledged(400, _BAD)
        try:
            for event in events:
                tasks.queue(TAKE, asdict(event))
        except StoreUnavailable:
            _LOG.error("notify_not_queued")
            return _acknowledged(503, "err.service.unavailable")
        _LOG.info("notified", events=len(events))
        return _acknowledged(200)

    @app.errorhandler(413)
    def too_large(_: Exception) -> Response:
        return _acknowledged(413, _BAD)

    @app.get("/health")
    def health() -> Response:
        return _json({"status": "ok"}, 200)

    return app


def _acknowledged(status: int, error: str = "") -> Response:
    """The standard's acknowledgement of a call, or its refusal."""
    message: dict[str, Any] = {
        "ack_status": "ERR" if error else "ACK",
        "timestamp": now_with_zone(),
        "correlation_id": uuid.uuid4().hex,
    }
    if error:
        message["error"] = _error(error)
    return _json({"message": message}, status)


def _error(code: str) -> dict[str, str]:
    return {"code": code, "message": code}


def _json(value: Any, status: int) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json")
