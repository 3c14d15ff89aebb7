"""Every task goes on with the trace in which it was asked for, and is counted."""

from __future__ import annotations

import time
from typing import Any, Final

from celery.signals import task_postrun, task_prerun

from core.tracing import HEADER, serving
from worker.meters import ASKED, TASK_SECONDS, TASKS_DONE

_WELL: Final = frozenset({"SUCCESS", "IGNORED"})


class _NotWell(Exception):
    """A task that failed, or is to be tried again; its own exception stays where it was caught."""


@task_prerun.connect
def _begin(task: Any = None, **_: Any) -> None:
    request = task.request
    given = (request.headers or {}).get(HEADER) or getattr(request, HEADER, None)
    request.twiza_begun = time.perf_counter()
    request.twiza_span = serving("worker.task", given, task=task.name)
    request.twiza_span.__enter__()


@task_postrun.connect
def _end(task: Any = None, state: str | None = None, **_: Any) -> None:
    begun = getattr(task.request, "twiza_begun", None)
    if begun is None:
        return
    outcome = "success" if state in _WELL else "retry" if state == "RETRY" else "failure"
    TASKS_DONE.labels(task.name, outcome).inc()
    TASK_SECONDS.labels(task.name).observe(time.perf_counter() - begun)
    fault = None if outcome == "success" else _NotWell()
    task.request.twiza_span.__exit__(type(fault) if fault else None, fault, None)


def count_asked(sender: str = "", **_: Any) -> None:
    """Count a task that the schedule asks for; beat has Celery call it."""
    ASKED.labels(sender).inc()
