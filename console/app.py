"""The console as a web application: everything wired, every error a plain page.

Nothing is fetched from elsewhere, no script stands in a page, and nothing of a citizen stands in an
address.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from console.api.answers import PREFIX, problem
from console.api.gate import Gate, keep_gate
from console.api.routes import api
from console.api.tokens import token_pages
from console.audit.pages import audit_pages
from console.auth.elsewhere import elsewhere
from console.auth.invitations import invitations
from console.auth.sessions import keep_sessions
from console.auth.signing_in import signing_in
from console.conversations.drawing import add_drawing
from console.conversations.live import Live
from console.conversations.pages import conversations
from console.conversations.revealing import revealing
from console.conversations.transcript import transcripts
from console.dashboard.pages import dashboard
from console.exports.pages import export_pages
from console.handovers.answering import writing
from console.handovers.hours import hour_pages
from console.handovers.queue import handovers
from console.handovers.replies import reply_pages
from console.home import home
from console.meters import PAGES, PLACES, status_of
from console.page import add_words
from console.registry import registry_pages
from console.rights.handing import handing
from console.rights.pages import rights_pages
from console.settings import ConsoleSettings
from console.staff import staff_pages
from console.teaching.exporting import exporting
from console.teaching.pages import teaching
from console.webhooks.pages import webhook_pages
from console.workshop import Workshop, open_workshop
from core.environment import read_settings
from core.errors import ServiceError, StoreUnavailable
from core.logs import log, set_up_logs
from core.watching import watched
from locales.catalogs import StaffWords

_LOG = log(__name__)
_LARGEST_CALL: Final = 2 * 1024 * 1024
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_TOLD: Final = (400, 403, 404, 405, 413, 429)


def create_app(settings: ConsoleSettings | None = None) -> Flask:
    """The console's Flask app. Raises SettingsFaulty with every fault at once."""
    settings = settings or read_settings(ConsoleSettings)
    set_up_logs("console", settings.log_level)
    app = Flask(__name__)
    is_secure = settings.console_public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.console_secret.get_secret_value(),
        MAX_CONTENT_LENGTH=_LARGEST_CALL,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.console_session_hours),
        SESSION_COOKIE_NAME="twiza_console",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_secure,
        WTF_CSRF_TIME_LIMIT=settings.console_session_hours * 3600,
        WTF_CSRF_SSL_STRICT=is_secure,
    )
    CSRFProtect(app)
    workshop = open_workshop(settings)
    keep_sessions(app, workshop.accounts, settings)
    add_words(app, StaffWords.load())
    _add_pages(app, workshop)
    _tell_errors(app)
    PLACES.learn(app.blueprints)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.after_request
    def guard(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        if is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        PAGES.labels(request.blueprint or request.endpoint or "", status_of(response)).inc()
        return response

    return watched(app, "console", is_inside=False)


def _add_pages(app: Flask, workshop: Workshop) -> None:
    accounts, audit, settings = workshop.accounts, workshop.audit, workshop.settings
    live = Live(settings.console_live_places)
    app.register_blueprint(signing_in(accounts, audit, settings))
    app.register_blueprint(invitations(accounts, audit))
    if settings.has_oidc:
        app.register_blueprint(elsewhere(app, accounts, audit, settings))
    app.register_blueprint(home(workshop))
    app.register_blueprint(staff_pages(workshop))
    app.register_blueprint(conversations(workshop, live))
    app.register_blueprint(transcripts(workshop, live))
    app.register_blueprint(revealing(workshop))
    app.register_blueprint(handovers(workshop, live))
    app.register_blueprint(writing(workshop))
    app.register_blueprint(reply_pages(workshop))
    app.register_blueprint(hour_pages(workshop))
    app.register_blueprint(rights_pages(workshop))
    app.register_blueprint(audit_pages(workshop))
    app.register_blueprint(export_pages(workshop))
    app.register_blueprint(webhook_pages(workshop))
    keep_gate(app, Gate(workshop))
    app.register_blueprint(api(workshop))
    app.register_blueprint(token_pages(workshop))
    app.register_blueprint(handing(workshop))
    app.register_blueprint(teaching(workshop))
    app.register_blueprint(exporting(workshop))
    app.register_blueprint(dashboard(workshop))
    app.register_blueprint(registry_pages(workshop))
    add_drawing(app)


def _tell_errors(app: Flask) -> None:
    @app.errorhandler(CSRFError)
    def forged(_: CSRFError) -> tuple[str, int]:
        return render_template("error.html", about="error_csrf"), 400

    @app.errorhandler(HTTPException)
    def told(fault: HTTPException) -> Any:
        status = fault.code or 500
        if status < 400:
            return fault
        if request.path.startswith(PREFIX):
            return problem(status)
        about = f"error_{status}" if status in _TOLD else "error_500"
        return render_template("error.html", about=about), status

    @app.errorhandler(StoreUnavailable)
    def away(fault: StoreUnavailable) -> Any:
        _LOG.error("store_unavailable", fault=str(fault))
        if request.path.startswith(PREFIX):
            return problem(503)
        return render_template("error.html", about="error_503", is_bare=True), 503

    @app.errorhandler(ServiceError)
    def failed(fault: ServiceError) -> tuple[str, int]:
        _LOG.error("page_failed", fault=type(fault).__name__)
        return render_template("error.html", about="error_500", is_bare=True), 500
