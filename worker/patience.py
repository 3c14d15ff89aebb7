"""Waiting for a worker of a later release, where this one is given what only that one can do.

While workers are replaced, two releases take from the same queues. A task that this one does not
know, or whose argument it cannot read, goes back until somebody takes it who can.
"""

from __future__ import annotations

from typing import Any, Final

from celery import Task
from celery.worker.consumer import Consumer
from kombu.message import Message

from core.errors import WrittenLater
from core.logs import log

_LOG = log(__name__)
CONSUMER: Final = "worker.patience:PatientConsumer"
_PAUSE_SECONDS: Final = 3
# Celery takes none for its own, which are few.
_TRIES: Final = 1_000_000


class PatientTask(Task):
    """A task that is put off where its argument is of a later release."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Do the work, or have it done later."""
        try:
            return self.run(*given, **named)
        except WrittenLater as later:
            if self.request.called_directly:
                raise
            _LOG.warning("task_waits", task=self.name, fault=str(later))
            raise self.retry(exc=later, countdown=_PAUSE_SECONDS, max_retries=_TRIES) from None


class PatientConsumer(Consumer):
    """Gives a task of an unknown name back, where Celery would drop it."""

    def on_unknown_task(self, body: Any, message: Message, exc: KeyError) -> None:
        """Let another worker have it after a pause."""
        _LOG.warning("task_unknown", task=str(exc))
        self.timer.call_after(_PAUSE_SECONDS, message.requeue)
