"""Telling the door that what its answers carried has arrived, as Twilio does at `action`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import requests

from sandbox.phone import wire


def tell_arrival(
    http: requests.Session, channel: Mapping[str, Any], number: str, answer: wire.Answer
) -> None:
    """Report each message of a TwiML answer that asks for it as delivered."""
    prefix = "whatsapp:" if channel["kind"] == "whatsapp" else ""
    for url in filter(None, (said.report for said in wire.read_replies(answer))):
        sid = "SM" + secrets.token_hex(16)
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "MessageStatus": "delivered",
            "SmsStatus": "delivered",
            "AccountSid": wire.account_of(channel),
            "ApiVersion": "2010-04-01",
            "From": f"{prefix}{channel['address']}",
            "To": f"{prefix}{number}",
        }
        wire.post(http, url, form, wire.sign(channel, url, form))
