"""The least a gateway's hop can cost here: Flask answers every one with the same screen."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

CONSTANT: Final = "constant"


def create_app() -> Flask:
    """The Flask app, run under the gunicorn settings of the door."""
    app = Flask(__name__)

    @app.post("/channels/ussd/messages")
    def messages() -> Response:
        return Response(f"CON {CONSTANT}", content_type="text/plain; charset=utf-8")

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app
