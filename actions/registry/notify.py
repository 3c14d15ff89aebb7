"""The registry intake: where the registry tells us things. A process of its own, for it alone.

`gunicorn "actions.registry.notify:create_app()"` serves every callback of SPDCI
(docs/openapi/intake.yaml): `notify`, and what follows a call that was acknowledged. What is told is
acknowledged once it is in the queue, sealed; where it cannot be queued the registry is told to come
again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

import orjson
import redis
from flask import Flask, Response, request

from actions.registry.envelope import now_with_zone
from actions.registry.gatekeeper import BAD, UNAVAILABLE, CallRefused, Gatekeeper
from actions.registry.mailbox import Mailbox
from actions.registry.notices import read_notify
from actions.registry.search_messages import read_transaction
from actions.registry.subscriptions import read_ended_codes, read_given_codes
from actions.registry.transactions import read_late_status
from actions.settings import IntakeSettings
from core.environment import read_settings
from core.errors import RegistryAnswerUnreadable, StoreUnavailable
from core.headers import guard
from core.keys import open_ring
from core.logs import log, set_up_logs
from core.meters import Names, counters
from core.privacy import Seal
from core.stores import open_redis
from core.tasks import Tasks
from core.watching import watched

_LOG = log(__name__)
TAKE: Final = "worker.notices.take"
SUBSCRIBED: Final = "worker.notices.subscribed"
CALLS: Final = counters(
    "twiza_intake_calls_total",
    "Calls of the registry by what they tell and what became of them",
    what=Names("notify", "on-subscribe", "on-search", "on-unsubscribe", "on-status"),
    outcome=Names("taken", "refused", "unreadable", "not_queued"),
)
_LARGEST_CALL: Final = 1024 * 1024


def create_app(settings: IntakeSettings | None = None) -> Flask:
    """The process's Flask app: a path for each callback, GET /health."""
    settings = settings or read_settings(IntakeSettings)
    set_up_logs("intake", settings.log_level)
    seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    tasks = Tasks("intake", settings.broker_url, seal)
    store = open_redis(settings.redis_url)
    gatekeeper, mailbox = Gatekeeper(settings, store), Mailbox(store, seal)
    app = Flask(__name__)
    guard(app)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_CALL

    def take(act: Callable[[Any], int]) -> Response:
        """Hear a call, act on its message, and acknowledge it."""
        what = request.path.rpartition("/")[2]
        body = request.get_data()
        try:
            with gatekeeper.heard(request.headers.get("Authorization", ""), body) as message:
                count = act(message)
        except CallRefused as refused:
            CALLS.labels(what, "refused").inc()
            _LOG.warning("notify_refused", what=what, status=refused.status, about=refused.about)
            return _acknowledged(refused.status, refused.code, refused.about)
        except RegistryAnswerUnreadable as faulty:
            CALLS.labels(what, "unreadable").inc()
            _LOG.warning("notify_unreadable", what=what, about=str(faulty))
            return _acknowledged(400, BAD)
        except (StoreUnavailable, redis.RedisError):
            CALLS.labels(what, "not_queued").inc()
            _LOG.error("notify_not_queued", what=what)
            return _acknowledged(503, UNAVAILABLE)
        CALLS.labels(what, "taken").inc()
        _LOG.info("notified", what=what, count=count)
        return _acknowledged(200)

    @app.post("/registry/notify")
    def notify() -> Response:
        def queue(message: Any) -> int:
            events = read_notify(message)
            for event in events:
                tasks.queue(TAKE, asdict(event))
            return len(events)

        return take(queue)

    @app.post("/registry/on-subscribe")
    def on_subscribe() -> Response:
        def queue(message: Any) -> int:
            given = read_given_codes(message)
            if given is not None:
                tasks.queue(SUBSCRIBED, asdict(given))
            return int(given is not None)

        return take(queue)

    @app.post("/registry/on-search")
    def on_search() -> Response:
        def deliver(message: Any) -> int:
            # As it came: to write it anew would change its numbers.
            return int(mailbox.deliver(read_transaction(message), request.get_data()))

        return take(deliver)

    @app.post("/registry/on-unsubscribe")
    def on_unsubscribe() -> Response:
        # A subscription had ended for us when its end was acknowledged.
        return take(read_ended_codes)

    @app.post("/registry/txn/on-status")
    def on_status() -> Response:
        # Nothing asks that way here; a registry may tell it all the same.
        return take(read_late_status)

    @app.errorhandler(413)
    def too_large(_: Exception) -> Response:
        return _acknowledged(413, BAD)

    @app.get("/health")
    def health() -> Response:
        return _json({"status": "ok"}, 200)

    return watched(app, "intake", is_inside=False)


def _acknowledged(status: int, code: str = "", about: str = "") -> Response:
    """The standard's acknowledgement of a call, or its refusal."""
    message: dict[str, Any] = {
        "ack_status": "ERR" if code else "ACK",
        "timestamp": now_with_zone(),
        "correlation_id": uuid.uuid4().hex,
    }
    if code:
        message["error"] = {"code": code, "message": about or code}
    return _json({"message": message}, status)


def _json(value: Any, status: int) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json")
