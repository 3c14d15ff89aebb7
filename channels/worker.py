"""Handing work to the worker: what cannot be answered within the provider's deadline.

A task carries sealed bytes only: the number, the text and the conversation are unreadable in the
broker. `worker/turns.py` is the other end.
"""

from __future__ import annotations

import base64
from typing import Any

import orjson
from celery import Celery
from kombu.exceptions import OperationalError

from core.errors import StoreUnavailable
from core.privacy import Seal

_CONTEXT = "worker"
FINISH = "worker.turns.finish"
TAKE = "worker.turns.take"
DELIVER = "worker.deliveries.deliver"


class Later:
    """Queues tasks for the worker. Every method may raise StoreUnavailable."""

    def __init__(self, broker_url: str, seal: Seal) -> None:
        self._seal = seal
        self._celery = Celery("door", broker=broker_url)
        self._celery.conf.update(
            broker_transport_options={
                "socket_timeout": 1,
                "socket_connect_timeout": 1,
                # The provider waits for the answer: a broker that is down is tried once more.
                "max_retries": 1,
                "interval_start": 0,
            },
            broker_connection_retry_on_startup=False,
            task_publish_retry=False,
            task_ignore_result=True,
        )

    def finish(self, channel: str, number: str, after_seconds: int = 2) -> None:
        """Finish the pending inputs of a number's conversation and send what comes of it."""
        self._send(FINISH, {"channel": channel, "number": number}, countdown=after_seconds)

    def take(self, channel: str, message: dict[str, Any]) -> None:
        """Take a message that came while an earlier turn still ran."""
        self._send(TAKE, {"channel": channel, "message": message}, countdown=2)

    def deliver(self, channel: str, number: str, text: str) -> None:
        """Send a text to a number."""
        self._send(DELIVER, {"channel": channel, "number": number, "text": text}, countdown=0)

    def _send(self, task: str, value: dict[str, Any], countdown: int) -> None:
        argument = close_task(self._seal, value)
        try:
            self._celery.send_task(task, args=[argument], countdown=countdown)
        except OperationalError:
            raise StoreUnavailable("the broker does not answer") from None


def close_task(seal: Seal, value: dict[str, Any]) -> str:
    """The sealed argument of a task."""
    return base64.b64encode(seal.close(orjson.dumps(value), _CONTEXT)).decode()


def open_task(seal: Seal, argument: str) -> dict[str, Any]:
    """What a task's sealed argument holds."""
    value: dict[str, Any] = orjson.loads(seal.open(base64.b64decode(argument), _CONTEXT))
    return value
