"""Handing work to the worker: what cannot be answered within the provider's deadline.

`worker/turns.py` and `worker/deliveries.py` are the other end.
"""

from __future__ import annotations

from typing import Any

from core.outgoing import Tappable
from core.privacy import Seal
from core.tasks import Tasks

FINISH = "worker.turns.finish"
TAKE = "worker.turns.take"
DELIVER = "worker.deliveries.deliver"


class Later:
    """Queues tasks for the worker. Every method may raise StoreUnavailable."""

    def __init__(self, broker_url: str, seal: Seal) -> None:
        self._tasks = Tasks("door", broker_url, seal)

    def finish(self, channel: str, number: str, after_seconds: int = 2) -> None:
        """Finish the pending inputs of a number's conversation and send what comes of it."""
        self._tasks.queue(FINISH, {"channel": channel, "number": number}, after_seconds)

    def take(self, channel: str, message: dict[str, Any]) -> None:
        """Take a message that came while an earlier turn still ran."""
        self._tasks.queue(TAKE, {"channel": channel, "message": message}, 2)

    def deliver(
        self, channel: str, number: str, text: str, tappable: Tappable | None = None
    ) -> None:
        """Send a text to a number, with its choices to tap where there are such."""
        value: dict[str, Any] = {"channel": channel, "number": number, "text": text}
        self._tasks.queue(DELIVER, value | ({"tappable": tappable} if tappable else {}))
