"""What becomes of a message, told to its sender in the background by signed callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import requests

from sandbox.phone import wire
from sandbox.provider.faults import Fault
from sandbox.provider.messages import Message

_GOOD: Final = ("sent", "delivered")
_BAD: Final = {"whatsapp": ("failed",), "sms": ("sent", "undelivered")}


class Callbacks:
    """Moves messages on to their end and posts each state to the sender's status callback."""

    def __init__(self, http: requests.Session) -> None:
        self._http = http
        self._background = ThreadPoolExecutor(max_workers=4, thread_name_prefix="callbacks")

    def follow(self, message: Message, channel: Mapping[str, Any], url: str, fault: Fault) -> None:
        """Deliver a message, or fail to; its states are posted in order to `url`, if any."""
        self._background.submit(self._move, message, channel, "" if fault.silent else url, fault)

    def tell(self, message: Message, channel: Mapping[str, Any], url: str, fault: Fault) -> None:
        """The same at once."""
        self._move(message, channel, "" if fault.silent else url, fault)

    def _move(self, message: Message, channel: Mapping[str, Any], url: str, fault: Fault) -> None:
        states = _BAD[str(channel["kind"])] if fault.code else _GOOD
        for state in states:
            message.status = state
            if fault.code and state == states[-1]:
                message.error_code = fault.code
            if url:
                form = _form(message, channel)
                wire.post(self._http, url, form, wire.sign(channel, url, form))


def _form(message: Message, channel: Mapping[str, Any]) -> dict[str, str]:
    form = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": message.status,
        "SmsStatus": message.status,
        "AccountSid": message.account,
        "ApiVersion": "2010-04-01",
        "From": message.sender,
        "To": message.recipient,
    }
    if message.error_code:
        form["ErrorCode"] = str(message.error_code)
    if channel["kind"] == "whatsapp":
        form |= {
            "ChannelPrefix": "whatsapp",
            "ChannelToAddress": message.recipient,
            "ChannelStatusMessage": "",
        }
    return form
