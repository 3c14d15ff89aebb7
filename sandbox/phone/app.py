"""The sandbox phone as a web application: the page, the JSON interface and the pretend provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, render_template, request

from core.environment import LogSettings, read_settings
from core.logs import set_up_logs
from sandbox.phone import wire
from sandbox.phone.api import build_api
from sandbox.phone.directory import ChannelsFile
from sandbox.phone.inbox import Inbox
from sandbox.phone.settings import PhoneSettings
from sandbox.provider.content_api import build_content_api
from sandbox.provider.contents import Contents, Made
from sandbox.provider.control import build_control
from sandbox.provider.exchange import Exchange
from sandbox.provider.media import Files, build_media
from sandbox.provider.rest import build_provider

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_WORDS: Final = Path(__file__).parent / "static" / "words.json"
_FIRST_LANGUAGE: Final = "fr"


def create_app(settings: PhoneSettings | None = None) -> Flask:
    """The application; without settings they are read from the environment."""
    if settings is None:
        settings = read_settings(PhoneSettings)
        set_up_logs("phone", read_settings(LogSettings).log_level)
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    words: dict[str, Any] = json.loads(_WORDS.read_text(encoding="utf-8"))
    channels, inbox, http = (
        ChannelsFile(settings.channels_file),
        Inbox(),
        wire.open_http(),
    )
    files, contents = Files(), Contents()

    def deliver(name: str, sender: str, number: str, made: Made, identity: str) -> None:
        inbox.receive(name, sender, number, made.text, identity, made.choices)

    exchange = Exchange(http)
    api = build_api(channels, inbox, files, exchange, http, settings.registry_url)
    app.register_blueprint(api)
    app.register_blueprint(build_provider(channels.read, deliver, exchange, contents))
    app.register_blueprint(build_control(exchange, contents))
    app.register_blueprint(build_content_api(channels.read, contents))
    app.register_blueprint(build_media(channels.read, files))

    @app.get("/")
    def page() -> str:
        asked = request.args.get("lang", "")
        best = request.accept_languages.best_match(words, _FIRST_LANGUAGE)
        language = asked if asked in words else best
        return render_template(
            "phone.html", language=language, words=words[language], languages=words
        )

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return app
