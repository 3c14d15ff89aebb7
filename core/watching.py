"""What every web process shows of itself: /metrics, and the trace of each call."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from flask import Flask, Response

from core.logs import log
from core.meters import CONTENT_TYPE, page
from core.tracing import begin, serving, set_up_traces

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG = log(__name__)
# Who looks whether a process lives asks again and again, and makes no trace worth keeping.
_LOOKS: Final = frozenset({"/health", "/metrics"})


def watched(app: Flask, process: str, *, is_inside: bool) -> Flask:
    """The app with /metrics, every call of it traced.

    One that `is_inside` goes on with the trace of whoever calls. One that others call begins its
    own: nobody outside names our traces, or decides which of them are kept.
    """
    traced(app, process, is_inside=is_inside)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(page(), content_type=CONTENT_TYPE)

    return app


def traced(app: Flask, process: str, *, is_inside: bool) -> None:
    """Have every call of the app traced; see `watched`."""
    set_up_traces(process)
    app.wsgi_app = _Traced(app.wsgi_app, f"{process}.call", is_inside)  # type: ignore[assignment, method-assign]


class _Traced:
    def __init__(self, app: WSGIApplication, name: str, is_inside: bool) -> None:
        self._app = app
        self._name = name
        self._is_inside = is_inside
        self._is_loud = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in _LOOKS:
            begin()
            return self._app(environ, start)
        given = environ.get("HTTP_TRACEPARENT") if self._is_inside else None
        with serving(self._name, given):
            if self._is_loud:
                # Neither its path nor what it brings: there may be a secret in it.
                _LOG.debug("called")
            return self._app(environ, start)
