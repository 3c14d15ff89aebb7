"""Answers of the API: JSON with an ETag, and faults as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import orjson
from flask import Response, request

PREFIX: Final = "/api/"
_PROBLEM: Final = "application/problem+json"


def answer(value: dict[str, Any]) -> Response:
    """A value, or 304 where whoever asks has it already."""
    body = orjson.dumps(value, option=orjson.OPT_UTC_Z)
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.add_etag()
    response.make_conditional(request)
    return response


def problem(status: int, detail: str = "", **headers: str) -> Response:
    """A fault in the form of RFC 9457."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    response = Response(orjson.dumps(body), status, mimetype=_PROBLEM)
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def page(items: list[dict[str, Any]], following: object) -> dict[str, Any]:
    """A page of items, with the cursor of the next one where there is one."""
    return {"items": items, "next": str(following) if following else None}
