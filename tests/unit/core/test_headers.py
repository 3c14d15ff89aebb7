"""The headers stand on every answer, and on a door behind TLS the demand for it too."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from core.headers import HEADERS, guard


def app(public_url: str = "") -> Flask:
    """An app with one page that says a header itself."""
    made = Flask("guarded")
    guard(made, public_url)

    @made.get("/own")
    def own() -> Response:
        return Response("", headers={"Cache-Control": "max-age=60"})

    return made


@pytest.mark.parametrize("path", ["/own", "/none"])
def test_what_an_answer_says_itself_stands_and_the_rest_is_added(path: str) -> None:
    own = {"Cache-Control": "max-age=60"} if path == "/own" else {}
    answer = app().test_client().get(path)

    assert HEADERS | own == {name: answer.headers[name] for name in HEADERS}


@pytest.mark.parametrize(
    ("public_url", "is_strict"), [("https://door.example", True), ("http://127.0.0.1:8000", False)]
)
def test_tls_is_demanded_where_the_address_has_it(public_url: str, is_strict: bool) -> None:
    answer = app(public_url).test_client().get("/none")

    assert is_strict == ("Strict-Transport-Security" in answer.headers)
