"""Settings of gunicorn for whatever runs in several processes: what is loaded is held once.

    gunicorn --config python:core.forking "channels.app:create_app()"

The application is made before its processes are forked, and taken out of the garbage collector's
sight, which would write to all of it and so have every process hold a copy.
"""

from __future__ import annotations

import gc
from typing import Any

preload_app = True


def when_ready(_: Any) -> None:
    """Called by gunicorn once the application is whole and nothing is forked yet."""
    gc.collect()
    gc.freeze()
