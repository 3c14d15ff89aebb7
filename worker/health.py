"""Whether a worker, or the schedule, still moves: GET /health and /alive, for whoever runs them.

Neither has an address of its own otherwise. A worker moves with each heartbeat that it sends over
the broker, the schedule with each task that it queues.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from werkzeug.serving import make_server

from core.logs import log

_LOG = log(__name__)
# A worker's heart beats every two seconds, and the schedule queues something as often.
READY_SECONDS: Final = 30.0
# Longer than a broker is usually away: starting anew would not bring it back.
ALIVE_SECONDS: Final = 600.0


class Pulse:
    """When a process last did what it does again and again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._felt: float | None = None

    def feel(self, **_: Any) -> None:
        """Note that it moves; a signal of Celery's may call it."""
        self._felt = self._clock()

    def is_ready(self) -> bool:
        """True where it moved just now; not before its first move."""
        return self._felt is not None and self._clock() - self._felt <= READY_SECONDS

    def is_alive(self) -> bool:
        """False once it stood still for so long that it had better be started anew."""
        last = self._began if self._felt is None else self._felt
        return self._clock() - last <= ALIVE_SECONDS


def health_app(pulse: Pulse) -> Flask:
    """/health: 200 while it works, else 503. /alive: 503 once it should be started anew."""
    app = Flask("health")

    @app.get("/health")
    def health() -> tuple[dict[str, str], int]:
        return ({"status": "ok"}, 200) if pulse.is_ready() else ({"status": "waiting"}, 503)

    @app.get("/alive")
    def alive() -> tuple[dict[str, str], int]:
        return ({"status": "ok"}, 200) if pulse.is_alive() else ({"status": "still"}, 503)

    return app


def serve(pulse: Pulse, address: str) -> None:
    """Answer at host:port from now on, in a thread; nowhere where the address is empty or taken."""
    if not address:
        return
    host, _, port = address.rpartition(":")
    try:
        server = make_server(host, int(port), health_app(pulse), threaded=True)
    except (OSError, SystemExit) as fault:
        # werkzeug leaves where the port is taken; the work goes on all the same.
        _LOG.error("health_not_served", fault=type(fault).__name__)
        return
    # It tells of every look.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
