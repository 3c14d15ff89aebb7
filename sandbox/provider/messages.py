"""Messages created through the pretend REST interface: in memory only, bounded."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

_MOST: Final = 5000


@dataclass(slots=True)
class Sent:
    """One message on its way; `status` goes from queued over sent to delivered."""

    sid: str
    account: str
    sender: str
    recipient: str
    text: str
    media: int
    created: datetime
    status: str = "queued"

    @classmethod
    def accept(cls, account: str, sender: str, recipient: str, text: str, media: int) -> Sent:
        """A new message with an identity of its own."""
        sid = ("MM" if media else "SM") + secrets.token_hex(16)
        return cls(sid, account, sender, recipient, text, media, datetime.now(UTC))

    def to_json(self) -> dict[str, Any]:
        """The message in Twilio's fields; dates as RFC 2822."""
        root = f"/2010-04-01/Accounts/{self.account}/Messages/{self.sid}"
        created = format_datetime(self.created)
        return {
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": self.text,
            "date_created": created,
            "date_sent": None if self.status == "queued" else created,
            "date_updated": created,
            "direction": "outbound-api",
            "error_code": None,
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
        self._sent: OrderedDict[str, Sent] = OrderedDict()

    def add(self, sent: Sent) -> None:
        """Keep a message, and forget the oldest where there are too many."""
        with self._lock:
            self._sent[sent.sid] = sent
            while len(self._sent) > _MOST:
                self._sent.popitem(last=False)

    def find(self, sid: str) -> Sent | None:
        """The message of that identity, if it is still kept."""
        with self._lock:
            return self._sent.get(sid)
