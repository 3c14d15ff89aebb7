"""One row of the table of processes, and the usual kind of it: an application under gunicorn."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.house.health import Health, answers_at
from sandbox.house.layout import ROOT, Layout

START_SECONDS = 90.0
# gunicorn's own worker of threads.
GTHREAD = ("--worker-class", "gthread")
# gunicorn makes a private file there.
_MEMORY_FOLDER = Path("/dev/shm")  # nosec B108


@dataclass(frozen=True)
class Process:
    """One row. It starts when all of `after` are ready and must be ready `within` seconds then.

    A process that is `once` does its work and ends; the others run until they are stopped. One that
    has a `port` is not started again while another holds it. `folder` is where its code is.
    """

    name: str
    command: tuple[str, ...]
    health: Health
    settings: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    once: bool = False
    within: float = START_SECONDS
    port: int = 0
    folder: Path = ROOT


def web(
    name: str,
    module: str,
    layout: Layout,
    settings: Mapping[str, str],
    after: tuple[str, ...] = (),
    threads: int = 16,
    is_preloaded: bool = False,
) -> Process:
    """A Flask application of that module, ready when its /health answers.

    Where it is preloaded, further worker processes share its memory.
    """
    command = [sys.executable, "-m", "gunicorn", f"{module}:create_app()"]
    command += ["--bind", layout.own(name)]
    command += ["--workers", "1", "--threads", str(threads), "--graceful-timeout", "8"]
    command += ["--log-level", "warning", "--no-control-socket"]
    command += ["--config", "python:core.forking"] if is_preloaded else [*GTHREAD]
    # On a slow disk the worker's sign of life comes late, and gunicorn takes it for dead.
    if _MEMORY_FOLDER.is_dir():
        command += ["--worker-tmp-dir", str(_MEMORY_FOLDER)]
    health = answers_at(f"http://{layout.own(name)}/health")
    return Process(name, tuple(command), health, settings, after, port=layout.port(name))
