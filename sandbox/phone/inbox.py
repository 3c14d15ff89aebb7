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
    """One message; `direction` is seen from the phone: `sent` or `received`. `at` is UTC.

    `choices` can be tapped, `attached` is the kind of what came with it.
    """

    channel: str
    direction: str
    sender: str
    recipient: str
    text: str
    at: str
    id: str
    choices: dict[str, Any] | None = None
    attached: str = ""

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
        self,
        channel: str,
        sender: str,
        number: str,
        text: str,
        message_id: str = "",
        choices: dict[str, Any] | None = None,
    ) -> Message:
        """A message arrives on a number (E.164)."""
        identity = message_id or _identity()
        return self._keep(
            number,
            Message(channel, "received", sender, number, text, _now(), identity, choices),
        )

    def send(
        self,
        channel: str,
        number: str,
        recipient: str,
        text: str,
        message_id: str = "",
        attached: str = "",
    ) -> Message:
        """A message leaves a number (E.164)."""
        identity = message_id or _identity()
        return self._keep(
            number,
            Message(channel, "sent", number, recipient, text, _now(), identity, None, attached),
        )

    def read(self, number: str, channel: str = "") -> list[Message]:
        """The messages of a number, oldest first; of one channel where it is named."""
        with self._lock:
            held = list(self._held.get(number, ()))
        return [message for message in held if channel in ("", message.channel)]

    def _keep(self, number: str, message: Message) -> Message:
        with self._lock:
            self._held.setdefault(number, deque(maxlen=_PER_NUMBER)).append(message)
            self._held.move_to_end(number)
            while len(self._held) > _NUMBERS:
                self._held.popitem(last=False)
        return message


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _identity() -> str:
    return "SM" + secrets.token_hex(16)
