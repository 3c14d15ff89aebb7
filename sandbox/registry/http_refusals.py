"""What HTTP itself refuses (no such method, too large, another media type), in the wire's words."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, abort, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from sandbox.registry.counter import ROOT, problem
from sandbox.registry.envelope import BAD, refusal
from sandbox.registry.receipts import INVALID, TOO_LARGE

_CODES: Final = {404: "err.request.not_found", 500: "err.service.unavailable"}
_NOT_OF_THE_WIRE: Final = "/sandbox"
# OpenID Connect has its tokens asked for by a form.
_FORM: Final = "/oauth/v2/token"


def refuse_in_its_words(app: Flask) -> None:
    """Have an application's wire say every refusal as JSON; the operator's pages keep HTML's."""

    @app.errorhandler(HTTPException)
    def refuse(fault: HTTPException) -> ResponseReturnValue:
        status = fault.code or 500
        if request.path.startswith(_NOT_OF_THE_WIRE):
            return fault.get_response()
        if ROOT in request.path:
            answer = app.make_response(problem(status, TOO_LARGE if status == 413 else INVALID))
        else:
            answer = app.make_response((jsonify(refusal(_CODES.get(status, BAD))), status))
        for name, value in fault.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                answer.headers[name] = value
        return answer


def take_json_alone(routes: Blueprint) -> None:
    """Refuse bodies that are too large, and those of another media type than JSON."""

    @routes.before_request
    def check() -> None:
        is_form = request.path.endswith(_FORM)
        if request.method == "POST" and not is_form and not request.is_json:
            abort(415)
        # Reading it is what finds it too large.
        request.get_data()
