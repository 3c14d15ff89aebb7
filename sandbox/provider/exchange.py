"""The pretend provider's inside: what passes through it, what goes wrong, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from sandbox.phone import wire
from sandbox.provider.callbacks import Callbacks
from sandbox.provider.faults import Faults
from sandbox.provider.messages import INBOUND, REPLY, Kept, Message


class Exchange:
    """Messages both ways; `faults` are to happen, `kept` is what can be asked for."""

    def __init__(self, http: requests.Session) -> None:
        self.kept = Kept()
        self.faults = Faults()
        self.callbacks = Callbacks(http)

    def receive(self, form: Mapping[str, str], seconds_ago: float = 0.0) -> Message:
        """A citizen's message, as its webhook tells it, whether or not that arrives."""
        return self.kept.add(
            Message(
                account=form["AccountSid"],
                sender=form["From"],
                recipient=form["To"],
                text=form.get("Body", ""),
                media=int(form.get("NumMedia", "0")),
                direction=INBOUND,
                status="received",
                sid=form["MessageSid"],
                created=datetime.now(UTC) - timedelta(seconds=seconds_ago),
            )
        )

    def reply(self, channel: Mapping[str, Any], number: str, said: wire.Said) -> Message | None:
        """A message that a webhook's answer carries, reported at once; None where it fails."""
        prefix = "whatsapp:" if channel["kind"] == "whatsapp" else ""
        message = self.kept.add(
            Message(
                account=wire.account_of(channel),
                sender=f"{prefix}{channel['address']}",
                recipient=f"{prefix}{number}",
                text=said.text,
                direction=REPLY,
            )
        )
        fault = self.faults.take(str(channel["kind"]), number)
        self.callbacks.tell(message, channel, said.report, fault)
        return None if message.error_code else message
