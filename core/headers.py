"""The headers of every answer to a machine: not shown in a page, not kept, not guessed at."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

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
    is_secure = public_url.startswith("https://")

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_secure:
            response.headers.setdefault("Strict-Transport-Security", _STRICT)
        return response
