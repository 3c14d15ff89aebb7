"""The sandbox SMSC as a process: SMPP for whoever binds, HTTP for the phone and for tests."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import BadRequest, Conflict

from core.environment import LogSettings, read_settings
from core.identifiers import read_number
from core.logs import set_up_logs
from sandbox.smsc.calls import Calls
from sandbox.smsc.settings import SmscSettings


def create_app(settings: SmscSettings | None = None) -> Flask:
    """The application; it listens for SMPP as soon as it is made."""
    if settings is None:
        settings = read_settings(SmscSettings)
        set_up_logs("smsc", read_settings(LogSettings).log_level)
    app = Flask(__name__)
    calls = Calls(settings)
    app.extensions["calls"] = calls

    @app.post("/calls")
    def dial() -> dict[str, Any]:
        asked = _asked()
        number = read_number(str(asked.get("number", "")))
        if number is None:
            raise BadRequest("number is not a valid phone number")
        copies = int(asked.get("copies", 1))
        return calls.dial(number, str(asked.get("dialled", "")), copies, asked.get("reference"))

    @app.post("/calls/<session>/<act>")
    def act(session: str, act: str) -> dict[str, Any]:
        asked = _asked()
        try:
            if act == "press":
                return calls.press(session, str(asked.get("text", "")), int(asked.get("copies", 1)))
            if act == "repeat":
                return calls.repeat(session)
            if act == "hang_up":
                return calls.hang_up(session)
        except KeyError:
            raise Conflict("no such session is open") from None
        raise BadRequest("press, repeat or hang_up")

    @app.post("/faults")
    def faults() -> dict[str, Any]:
        try:
            calls.center.faults.inject(_asked())
        except (KeyError, ValueError) as unknown:
            raise BadRequest(f"no such fault: {unknown}") from None
        return state()

    @app.post("/cut")
    def cut() -> dict[str, Any]:
        calls.center.cut()
        return state()

    @app.get("/state")
    def state() -> dict[str, Any]:
        center = calls.center
        return {
            "bound": center.bound,
            "binds_seen": center.binds_seen,
            "surplus": calls.surplus,
        }

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def _asked() -> dict[str, Any]:
    asked = request.get_json(silent=True)
    return asked if isinstance(asked, dict) else {}
