"""The webhook: POST /webhook runs an action, and everything else is Flask's.

It stands before Flask, which takes longer to hand on a call than many an action takes to run
(docs/decisions/0007). What nobody foresaw is raised: gunicorn logs it and answers with status 500.
"""

from __future__ import annotations

import hmac
from collections.abc import Coroutine, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson
import redis
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from werkzeug.wsgi import get_input_stream

from core.errors import ServiceError
from core.headers import HEADERS
from core.logs import log
from core.tracing import span

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG = log(__name__)
_PATH: Final = "/webhook"
_HEADERS: Final = [("Content-Type", "application/json"), *HEADERS.items()]
T = TypeVar("T")


class Webhook:
    """Runs actions for whoever shows the token; `others` answers every other call."""

    def __init__(self, others: WSGIApplication, executor: ActionExecutor, token: str) -> None:
        self._others = others
        self._executor = executor
        self._token = token.encode()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """A call as WSGI brings it."""
        if environ["PATH_INFO"] != _PATH or environ["REQUEST_METHOD"] != "POST":
            return self._others(environ, start)
        status, answer = self._answer(environ)
        body = orjson.dumps(answer)
        length = ("Content-Length", str(len(body)))
        start(f"{status.value} {status.phrase}", [*_HEADERS, length])
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, dict[str, Any]]:
        # WSGI hands on octets as Latin-1.
        shown = environ.get("HTTP_X_TWIZA_TOKEN", "").encode("latin-1")
        if not hmac.compare_digest(shown, self._token):
            return HTTPStatus.FORBIDDEN, {"error": "a token is needed"}
        call = orjson.loads(get_input_stream(environ).read())
        name = call.get("next_action", "")
        try:
            with span("actions.run", action=name):
                return HTTPStatus.OK, self._run(call)
        except ActionExecutionRejection as rejected:
            told = {"error": str(rejected), "action_name": rejected.action_name}
            return HTTPStatus.BAD_REQUEST, told
        except ActionNotFoundException as unknown:
            told = {"error": str(unknown), "action_name": unknown.action_name}
            return HTTPStatus.NOT_FOUND, told
        except (ServiceError, redis.RedisError):
            _LOG.exception("action_failed", action=name)
            told = {"error": "the action failed", "action_name": name}
            return HTTPStatus.INTERNAL_SERVER_ERROR, told

    def _run(self, call: dict[str, Any]) -> dict[str, Any]:
        result = _done(self._executor.run(call))
        if result is None:
            return {}
        return {"events": result.events, "responses": result.responses}


def _done(work: Coroutine[Any, Any, T]) -> T:
    """What the executor returns, or raises. An event loop for each call costs more than the call.

    Our actions wait for nothing, so the executor never hands control back.
    """
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise RuntimeError("an action waits for an event loop, and there is none")
