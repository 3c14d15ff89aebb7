"""The headers of every answer to a machine: not shown in a page, not kept, not guessed at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# The engine says the same (bot/engine/host.py), and the console what pages need (console/app.py).
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# Browsers come to the door by mistake alone; if over TLS, they come back so.
_STRICT: Final = "max-age=31536000"


def guard(app: Flask, public_url: str = "") -> None:
    """Put the headers on every answer of an app, its errors too, where it says nothing itself."""
    headers = dict(HEADERS)
    if public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = _STRICT
    app.wsgi_app = _Guarded(app.wsgi_app, headers)  # type: ignore[assignment, method-assign]


class _Guarded:
    """Adds them as WSGI hands them on; on an answer of Flask each would take five calls."""

    def __init__(self, app: WSGIApplication, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower(), (name, value)) for name, value in headers.items()]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def begin(
            status: str, headers: list[tuple[str, str]], fault: Any = None, /
        ) -> Callable[[bytes], object]:
            said = {name.lower() for name, _ in headers}
            added = [header for name, header in self._headers if name not in said]
            return start(status, [*headers, *added], fault)

        return self._app(environ, begin)
