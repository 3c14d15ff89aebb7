"""What Twilio itself says of messages: one by its name, those to a number, those it received."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from twilio.rest import Client

from channels.providers.twilio.faults import told_as_fault
from core.errors import DeliveryRefused
from core.outgoing import Fate

_UNKNOWN: Final = "20404"
_PAGE: Final = 200
# To one person, so that nobody's long past is read through.
_MOST: Final = 100
# So much is held at once; Twilio lists the newest first, and we want the oldest.
_WINDOW: Final = timedelta(hours=1)
_INBOUND: Final = "inbound"


class Listing:
    """One sender's messages as Twilio keeps them."""

    def __init__(self, client: Client, prefix: str, address: str) -> None:
        self._client = client
        self._prefix = prefix
        self._address = prefix + address

    def fate(self, name: str) -> Fate | None:
        """What became of a message, or None where Twilio has none. Raises DeliveryError."""
        try:
            with told_as_fault():
                return _fate(self._client.messages(name).fetch())
        except DeliveryRefused as refused:
            if refused.code == _UNKNOWN:
                return None
            raise

    def sent_to(self, number: str, since: datetime) -> list[Fate]:
        """The messages sent to a number since then, the newest first. Raises DeliveryError.

        One that Twilio has not sent yet has no date of sending: when it was made is what counts.
        """
        asked = {"to": self._prefix + number, "from_": self._address}
        found: list[Fate] = []
        with told_as_fault():
            for message in self._client.messages.stream(**asked, limit=_MOST, page_size=50):
                fate = _fate(message)
                if fate.made is not None and fate.made < since:
                    break
                found.append(fate)
        return found

    def received(self, since: datetime) -> Iterator[tuple[Mapping[str, str], datetime]]:
        """The messages received since then as a webhook's fields, and when; the oldest first.

        Raises DeliveryError.
        """
        now = datetime.now(UTC)
        while since <= now:
            until = since + _WINDOW
            yield from self._between(since, until)
            since = until

    def _between(
        self, since: datetime, until: datetime
    ) -> list[tuple[Mapping[str, str], datetime]]:
        asked = {"to": self._address, "date_sent_after": since, "date_sent_before": until}
        with told_as_fault():
            listed = [
                (_fields(message), message.date_sent)
                for message in self._client.messages.stream(**asked, page_size=_PAGE)
                if message.direction == _INBOUND and message.date_sent is not None
            ]
        # Where Twilio reads the days alone it lists more than was asked for.
        within = [one for one in listed if since <= one[1] < until]
        return sorted(within, key=lambda one: one[1])


def _fate(message: Any) -> Fate:
    code = str(message.error_code or "")
    made = message.date_created
    return Fate(message.sid, str(message.status), code, text=message.body or "", made=made)


def _fields(message: Any) -> Mapping[str, str]:
    return {
        "MessageSid": message.sid,
        "From": message.from_,
        "To": message.to,
        "Body": message.body or "",
        "NumMedia": str(message.num_media or "0"),
    }
