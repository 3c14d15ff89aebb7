"""An application that counts its calls and tells which process answered, for gunicorn to fork."""

from __future__ import annotations

import os

from flask import Flask

from core.meters import Names, counters, gauge
from core.watching import watched

CALLS = counters("twiza_test_calls_total", "A test", what=Names("call"))
LIVING = gauge("twiza_test_living", "A test", "livesum")


def create_app() -> Flask:
    """The application."""
    app = Flask("counting")

    @app.get("/call")
    def call() -> str:
        CALLS.labels("call").inc()
        LIVING.set(1)
        return str(os.getpid())

    return watched(app, "test", is_inside=True)
