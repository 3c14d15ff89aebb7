"""Sending through Twilio's REST interface, one message at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from core.errors import DeliveryRefused, DeliveryUnknown, ProviderUnavailable
from core.outgoing import Outgoing

_THROTTLED: Final = 429
_FAILING: Final = 500


class Sending:
    """One sender's way out; `prefix` is what its channel writes before a number."""

    def __init__(self, client: Client, prefix: str, address: str) -> None:
        self._client = client
        self._prefix = prefix
        self._address = prefix + address

    def send(self, message: Outgoing) -> str:
        """Have one message created and return its MessageSid. Raises DeliveryError."""
        asked: dict[str, Any] = {"to": self._prefix + message.number, "from_": self._address}
        if message.report:
            asked["status_callback"] = message.report
        if message.prepared:
            asked["content_sid"] = message.prepared.name
            asked["content_variables"] = json.dumps(dict(message.prepared.values))
        else:
            asked["body"] = message.text
        with _told_as_fault():
            sid = self._client.messages.create(**asked).sid
        if not sid:
            raise DeliveryUnknown("the message has no name")
        return str(sid)


@contextmanager
def _told_as_fault() -> Iterator[None]:
    """What the library raises, as a DeliveryError that repeats nothing of the message."""
    try:
        yield
    except TwilioRestException as refused:
        code = str(refused.code or refused.status)
        if refused.status >= _FAILING:
            raise DeliveryUnknown(code) from None
        if refused.status == _THROTTLED:
            raise ProviderUnavailable(code) from None
        raise DeliveryRefused(code) from None
    except requests.ConnectTimeout:
        raise ProviderUnavailable("ConnectTimeout") from None
    except (requests.RequestException, AttributeError, TypeError, ValueError) as fault:
        # The library reads an answer that is none of Twilio's, a proxy's for one, as it comes.
        raise DeliveryUnknown(type(fault).__name__) from None
