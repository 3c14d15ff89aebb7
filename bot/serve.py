"""The engine: Rasa's agent behind an HTTP server that forks as many processes as wanted.

    bot/.venv/bin/python bot/serve.py --model models/twiza.tar.gz --endpoints bot/endpoints.yml \
        --interface 127.0.0.1 --port 8004 --processes 2

The model is loaded once and the processes share its memory. SIGTERM lets turns end first.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
from pathlib import Path
from typing import Any

from engine.starting import log_as_json, prepare

prepare(serves=True)

from gunicorn.app.base import BaseApplication  # noqa: E402

from engine.agent import load  # noqa: E402
from engine.host import Host  # noqa: E402
from engine.meters import begin_anew, ended  # noqa: E402
from engine.tracing import set_up_traces  # noqa: E402

_GRACE_SECONDS = 8
_STUCK_SECONDS = 120
# Longer than the door keeps a connection that it does not use.
_KEEP_ALIVE_SECONDS = 120


class EngineServer(BaseApplication):
    """gunicorn, with the agent loaded before it forks."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Serve as the command line says."""
        self._given = given
        super().__init__()

    def load_config(self) -> None:
        """Set what the command line says."""
        settings: dict[str, Any] = {
            "bind": f"{self._given.interface}:{self._given.port}",
            "workers": self._given.processes,
            "worker_class": "engine.worker.EngineWorker",
            "logger_class": "engine.worker.PlainLogger",
            "preload_app": True,
            "graceful_timeout": _GRACE_SECONDS,
            "timeout": _STUCK_SECONDS,
            "keepalive": _KEEP_ALIVE_SECONDS,
            "control_socket_disable": True,
            "child_exit": ended,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Host:
        """The application, loaded once."""
        begin_anew()
        set_up_traces()
        host = Host(load(self._given.model, self._given.endpoints))
        # What is loaded stays. Nobody looks through it for garbage, so its pages stay shared.
        gc.collect()
        gc.freeze()
        _give_back()
        return host


def _give_back() -> None:
    """Give memory that loading has used back to the system, where the C library can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bot/serve.py")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--endpoints", type=Path, required=True)
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    log_as_json()
    EngineServer(read_arguments()).run()
