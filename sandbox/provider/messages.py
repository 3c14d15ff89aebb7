"""The messages the pretend provider knows, sent and received: in memory only, bounded."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

_MOST: Final = 20000
INBOUND: Final = "inbound"
REPLY: Final = "outbound-reply"
BY_API: Final = "outbound-api"
# Not sent yet, so that they have no date of sending.
_EARLY: Final = frozenset({"queued", "accepted"})


def new_sid(has_media: bool = False) -> str:
    """An identity of a message."""
    return ("MM" if has_media else "SM") + secrets.token_hex(16)


@dataclass(slots=True)
class Message:
    """One message; `status` of one that is sent goes from queued over sent to delivered."""

    account: str
    sender: str
    recipient: str
    text: str
    media: int = 0
    direction: str = BY_API
    status: str = "queued"
    error_code: int | None = None
    sid: str = field(default_factory=new_sid)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent or received, where it was."""
        return None if self.status in _EARLY else self.created

    def to_json(self) -> dict[str, Any]:
        """The message in Twilio's fields; dates as RFC 2822."""
        root = f"/2010-04-01/Accounts/{self.account}/Messages/{self.sid}"
        created = format_datetime(self.created)
        return {
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": self.text,
            "date_created": created,
            "date_sent": created if self.sent_at else None,
            "date_updated": created,
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": str(self.media),
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{root}/Media.json"},
            "to": self.recipient,
            "uri": f"{root}.json",
        }


class Kept:
    """The messages that can still be asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Message] = OrderedDict()

    def add(self, message: Message) -> Message:
        """Keep a message, and forget the oldest where there are too many."""
        with self._lock:
            kept = self._held.setdefault(message.sid, message)
            while len(self._held) > _MOST:
                self._held.popitem(last=False)
            return kept

    def find(self, sid: str) -> Message | None:
        """The message of that identity, if it is still kept."""
        with self._lock:
            return self._held.get(sid)

    def of(self, account: str) -> list[Message]:
        """The messages of an account, those made last first."""
        with self._lock:
            mine = [message for message in self._held.values() if message.account == account]
        return sorted(mine, key=lambda message: message.created, reverse=True)
