"""The messages of every sandbox number: in memory only, bounded, safe among threads."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict, deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

_NUMBERS: Final = 2000
_PER_NUMBER: Final = 200


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `direction` is seen from the phone: `sent` or `received`. `at` is UTC."""

    channel: str
    direction: str
    sender: str
    recipient: str
    text: str
    at: str
    id: str

    def to_json(self) -> dict[str, Any]:
        """The message in the words of the JSON interface."""
        written = asdict(self)
        written["from"] = written.pop("sender")
        written["to"] = written.pop("recipient")
        return written


class Inbox:
    """Keeps the last messages of the numbers last active, and forgets the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, deque[Message]] = OrderedDict()

    def receive(
        self, channel: str, sender: str, number: str, text: str, message_id: str = ""
    ) -> Message:
        """A message arrives on a number (E.164)."""
        return self._keep(number, channel, "received", sender, number, text, message_id)

    def send(
        self, channel: str, number: str, recipient: str, text: str, message_id: str = ""
    ) -> Message:
        """A message leaves a number (E.164)."""
        return self._keep(number, channel, "sent", number, recipient, text, message_id)

    def read(self, number: str, channel: str = "") -> list[Message]:
        """The messages of a number, oldest first; of one channel where it is named."""
        with self._lock:
            held = list(self._held.get(number, ()))
        return [message for message in held if channel in ("", message.channel)]

    def _keep(
        self,
        number: str,
        channel: str,
        direction: str,
        sender: str,
        recipient: str,
        text: str,
        message_id: str,
    ) -> Message:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        identity = message_id or "SM" + secrets.token_hex(16)
        message = Message(channel, direction, sender, recipient, text, at, identity)
        with self._lock:
            self._held.setdefault(number, deque(maxlen=_PER_NUMBER)).append(message)
            self._held.move_to_end(number)
            while len(self._held) > _NUMBERS:
                self._held.popitem(last=False)
        return message
