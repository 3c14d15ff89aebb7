"""What becomes of a message, told to its sender in the background by signed callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import requests

from sandbox.phone import wire
from sandbox.provider.messages import Sent

_STATES: Final = ("sent", "delivered")


class Callbacks:
    """Moves messages on to `delivered` and posts each state to the sender's status callback."""

    def __init__(self, http: requests.Session) -> None:
        self._http = http
        self._background = ThreadPoolExecutor(max_workers=4, thread_name_prefix="callbacks")

    def follow(self, sent: Sent, channel: Mapping[str, Any], url: str = "") -> None:
        """Deliver a message; its states are posted in order to `url` where there is one."""
        self._background.submit(self._deliver, sent, channel, url)

    def _deliver(self, sent: Sent, channel: Mapping[str, Any], url: str) -> None:
        for state in _STATES:
            sent.status = state
            if url:
                form = _form(sent, channel)
                wire.post(self._http, url, form, wire.sign(channel, url, form))


def _form(sent: Sent, channel: Mapping[str, Any]) -> dict[str, str]:
    form = {
        "MessageSid": sent.sid,
        "SmsSid": sent.sid,
        "MessageStatus": sent.status,
        "SmsStatus": sent.status,
        "AccountSid": sent.account,
        "ApiVersion": "2010-04-01",
        "From": sent.sender,
        "To": sent.recipient,
    }
    if channel["kind"] == "whatsapp":
        form |= {
            "ChannelPrefix": "whatsapp",
            "ChannelToAddress": sent.recipient,
            "ChannelStatusMessage": "",
        }
    return form
