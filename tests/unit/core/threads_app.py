"""An application that tells which thread answers, for gunicorn to run."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

from flask import Flask, Response


def create_app() -> Flask:
    """The application."""
    app = Flask("threads")
    counted = itertools.count()

    @app.get("/thread")
    def thread() -> str:
        return str(threading.get_ident())

    @app.get("/count")
    def count() -> str:
        return str(next(counted))

    begun = threading.Event()

    @app.get("/begun")
    def is_begun() -> str:
        return str(int(begun.is_set()))

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        time.sleep(0.5)
        return "slow"

    @app.get("/nothing")
    def nothing() -> tuple[str, int]:
        return "", 204

    @app.get("/fails")
    def fails() -> str:
        raise RuntimeError("on purpose")

    @app.get("/pieces")
    def pieces() -> Response:
        def said() -> Iterator[bytes]:
            yield from (b"a", b"b", b"c")

        return Response(said(), headers={"Content-Length": "3"})

    return app
