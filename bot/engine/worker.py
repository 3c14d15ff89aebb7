"""What gunicorn runs in each engine process, and how it logs."""

from __future__ import annotations

import gc
import logging
import os
from contextlib import suppress
from typing import Any, ClassVar

from gunicorn.config import Config
from gunicorn.glogging import Logger
from uvicorn_worker import UvicornWorker

from engine.whole_answers import WholeAnswers

# A turn makes some thousand objects that live as long as it does; stock Python looks through the
# youngest for garbage every 700.
_YOUNG_OBJECTS = 20_000


class EngineWorker(UvicornWorker):
    """An ASGI worker that listens to the door alone: no proxy, no headers of its own."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",
        "http": WholeAnswers,
        "ws": "none",
        "lifespan": "off",
        "interface": "asgi3",
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "date_header": False,
    }

    def init_process(self) -> None:
        """Run until the server stops."""
        gc.set_threshold(_YOUNG_OBJECTS, 20, 20)
        _interrupt_nobody()
        super().init_process()


def _interrupt_nobody() -> None:
    """Have this process go on while those it writes to wake; where that cannot be, as ever.

    The service does the same (core/scheduling.py).
    """
    batch = getattr(os, "SCHED_BATCH", None)
    if batch is not None:
        with suppress(OSError):
            os.sched_setscheduler(0, batch, os.sched_param(0))


class PlainLogger(Logger):
    """Leaves gunicorn's lines to the process's own log."""

    def setup(self, cfg: Config) -> None:
        """Let the lines pass on as they are."""
        self.loglevel = logging.WARNING
        for log in (self.error_log, self.access_log):
            log.propagate = True
            log.setLevel(self.loglevel)
