"""What the engine counts of itself, for Prometheus: names of the domain and numbers, no citizen.

Several engine processes write to files of their own in the folder that PROMETHEUS_MULTIPROC_DIR
names, and what is read is their sum.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
FALLBACK = "nlu_fallback"

TURN_SECONDS = Histogram(
    "twiza_engine_turn_seconds", "How long the engine took over a message", buckets=_SECONDS
)
FAILED = Counter("twiza_engine_turns_failed_total", "Messages over which the engine failed")
UNDERSTOOD = Counter(
    "twiza_engine_messages_total",
    "Messages by how they were read: a choice, words understood, words not understood",
    ["how"],
)
CHOICE, WORDS, FELL_BACK = (UNDERSTOOD.labels(how) for how in ("choice", "understood", "fallback"))
# The names are those of the domain, of which each makes one action.
ACTION_SECONDS = Histogram(
    "twiza_engine_action_seconds",
    "How long the actions took to answer, by action",
    ["action"],
    buckets=_SECONDS,
)


def page() -> bytes:
    """All that is counted, of all processes where there are several."""
    if _folder() is None:
        return generate_latest(REGISTRY)
    summed = CollectorRegistry()
    MultiProcessCollector(summed)
    return generate_latest(summed)


def begin_anew() -> None:
    """Forget what an earlier engine counted; before this one is loaded."""
    folder = _folder()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        mine = f"_{os.getpid()}.db"
        for path in folder.glob("*.db"):
            if not path.name.endswith(mine):
                path.unlink(missing_ok=True)


def ended(_: Any, worker: Any) -> None:
    """One of the processes has ended: it runs nothing any more."""
    if _folder() is not None:
        mark_process_dead(worker.pid)


def _folder() -> Path | None:
    path = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(path) if path else None
