"""Handing work to the worker by the names of its tasks, sealed.

A task carries sealed bytes only: whatever it is about is unreadable in the broker. `worker/` is the
other end.
"""

from __future__ import annotations

import base64
from typing import Any, Final

from celery import Celery
from celery.signals import before_task_publish
from kombu.exceptions import OperationalError

from core.editions import TASK
from core.errors import StoreUnavailable
from core.privacy import Seal
from core.redis_address import broker
from core.tracing import HEADER, traceparent

# A worker takes from these in turn: what waits in one keeps nobody waiting in another.
USUAL: Final = "celery"
REPORTS: Final = "reports"
SCHEDULE: Final = "schedule"
QUEUES: Final = (USUAL, REPORTS, SCHEDULE)
_CONTEXT: Final = "worker"


class Tasks:
    """The way into the queue of the worker for a process that is not the worker."""

    def __init__(self, process: str, broker_url: str, seal: Seal) -> None:
        self._seal = seal
        self._celery = Celery(process)
        self._celery.conf.update(
            broker(
                broker_url,
                {
                    "socket_timeout": 1,
                    "socket_connect_timeout": 1,
                    # Somebody waits for an answer: a broker that is down is tried once more.
                    "max_retries": 1,
                    "interval_start": 0,
                },
            ),
            broker_connection_retry_on_startup=False,
            task_publish_retry=False,
            task_ignore_result=True,
        )

    def queue(
        self,
        task: str,
        value: dict[str, Any] | None = None,
        countdown: int = 0,
        queue: str = USUAL,
    ) -> None:
        """Queue a task, to run after `countdown` seconds; without a value it gets no argument.

        Raises StoreUnavailable.
        """
        arguments = [] if value is None else [close_task(self._seal, value)]
        try:
            self._celery.send_task(task, args=arguments, countdown=countdown, queue=queue)
        except OperationalError:
            raise StoreUnavailable("the broker does not answer") from None


def _carry_trace(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Every task goes on with the trace in which it was asked for."""
    if headers is not None and (own := traceparent()):
        headers[HEADER] = own


before_task_publish.connect(_carry_trace)


def close_task(seal: Seal, value: dict[str, Any]) -> str:
    """The sealed argument of a task."""
    return base64.b64encode(seal.close(TASK.dumps(value), _CONTEXT)).decode()


def open_task(seal: Seal, argument: str) -> dict[str, Any]:
    """What a task's sealed argument holds. Raises WrittenLater."""
    value: dict[str, Any] = TASK.loads(seal.open(base64.b64decode(argument), _CONTEXT))
    return value
