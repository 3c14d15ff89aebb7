"""Handing work to the worker: what cannot be answered within the provider's deadline.

The modules of `worker/` that are named here are the other end.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from channels.owed import text_cause
from core.outgoing import Fate, Tappable
from core.privacy import Seal
from core.staffed import RATE
from core.tasks import REPORTS, Tasks

FINISH = "worker.turns.finish"
TAKE = "worker.turns.take"
DELIVER = "worker.deliveries.deliver"
DRAIN = "worker.deliveries.drain"
GIVE = "worker.owed.give"
REPORT = "worker.reports.take"
DISCARD = "worker.media.discard"


class Later:
    """Queues tasks for the worker. Every method may raise StoreUnavailable."""

    def __init__(self, broker_url: str, seal: Seal) -> None:
        self._tasks = Tasks("door", broker_url, seal)

    def finish(self, channel: str, number: str) -> None:
        """Finish the pending inputs of a number's conversation and send what comes of it."""
        self._tasks.queue(FINISH, {"channel": channel, "number": number}, 2)

    def take(self, channel: str, message: dict[str, Any]) -> None:
        """Take a message that came while an earlier turn still ran."""
        self._tasks.queue(TAKE, {"channel": channel, "message": message}, 2)

    def rate(self, handover: int, rating: str) -> None:
        """Keep what a citizen said of a person's help."""
        self._tasks.queue(RATE, {"handover": handover, "rating": rating})

    def deliver(
        self,
        channel: str,
        number: str,
        text: str,
        tappable: Tappable | None = None,
        purpose: str = "answer",
        owed: str = "",
    ) -> None:
        """Send a text to a number, with its choices to tap where there are such.

        `purpose` is one of `records.outbox`. `owed` is the cause under which the text is owed until
        it stands there.
        """
        value: dict[str, Any] = {"channel": channel, "number": number, "text": text}
        # The same task may run twice, and its text goes once.
        cause = text_cause(owed, 0) if owed else secrets.token_hex(16)
        value |= {"purpose": purpose, "cause": cause, "owed": owed}
        self._tasks.queue(DELIVER, value | ({"tappable": tappable} if tappable else {}))

    def give(self) -> None:
        """Give what is owed and due."""
        self._tasks.queue(GIVE)

    def drain(self) -> None:
        """Send what waits in the outbox."""
        self._tasks.queue(DRAIN)

    def report(self, channel: str, fate: Fate) -> None:
        """Write down what a provider reports of a message."""
        value = {"channel": channel, "fate": asdict(fate)}
        self._tasks.queue(REPORT, value, queue=REPORTS)

    def discard(self, channel: str, url: str) -> None:
        """Have a provider forget a file that came with a message."""
        self._tasks.queue(DISCARD, {"channel": channel, "url": url})
