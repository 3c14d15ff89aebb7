"""Settings of gunicorn for whatever runs in several processes: what is loaded is held once.

    gunicorn --config python:core.forking "channels.app:create_app()"

The application is made before its processes are forked, and taken out of the garbage collector's
sight, which would write to all of it and so have every process hold a copy. Garbage is looked for
less often than Python does by itself: a turn makes some thousand objects that live as long as it
does. core/staying.py tells how calls are served. What the processes count is read as one where
PROMETHEUS_MULTIPROC_DIR names a folder of this server alone.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from prometheus_client.multiprocess import mark_process_dead

from core.allocating import keep_little
from core.environment import counting_folder
from core.scheduling import interrupt_nobody


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Have libraries find some modules missing that they use where they are installed."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


# Pictures of tracebacks on a terminal, measurements that nobody reads, tasks as YAML that nobody
# writes: a hundred and twenty modules.
with _without("rich", "opentelemetry.sdk.metrics", "yaml"):
    import kombu.serialization  # noqa: F401
    import redis  # noqa: F401
    import structlog  # noqa: F401

_YOUNG_OBJECTS: Final = 10_000

preload_app = True
worker_class = "core.staying.StayingWorker"
# Longer than the engine keeps a connection that it does not use (bot/engine/action_calls.py): who
# closes first must be the one who would write.
keepalive = 75


def on_starting(_: Any) -> None:
    """Called by gunicorn at its start: what an earlier server counted is forgotten."""
    folder = counting_folder()
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    mine = f"_{os.getpid()}.db"
    for path in folder.glob("*.db"):
        # The application may have been made by now, and counts.
        if not path.name.endswith(mine):
            path.unlink(missing_ok=True)


def when_ready(_: Any) -> None:
    """Called by gunicorn once the application is whole and nothing is forked yet."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)
    keep_little()


def post_fork(_: Any, __: Any) -> None:
    """Called by gunicorn in each new process, before its threads begin."""
    interrupt_nobody()


def child_exit(_: Any, worker: Any) -> None:
    """Called by gunicorn when one of its processes has ended: it runs nothing any more."""
    if counting_folder() is not None:
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
