"""What providers call: each USSD dialect, and Twilio's messages and reports."""

from __future__ import annotations

import contextlib
import json
import os
from functools import cache
from typing import Any, Final
from unittest import mock
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.datastructures import MultiDict

from channels.directory import open_channels
from channels.port import Messenger, Provider, WebhookCall
from channels.providers.ussd.dialect import FOLDER as DIALECTS
from core.errors import WebhookRefused
from core.messages import InboundMessage
from tests.contract.channels.recordings import ENVIRONMENT, SECRET, find_recordings, read_recording
from tests.fuzz.target import target, words

_PARTS: Final = 5


@cache
def channel(name: str, dialect: str = "africastalking") -> Provider:
    """A channel of the recordings."""
    settings = ENVIRONMENT | {"TWIZA_CHANNEL_USSD_DIALECT": dialect}
    settings |= {"TWIZA_CHANNEL_USSD_ADDRESSES": "127.0.0.1"}
    with mock.patch.dict(os.environ, settings):
        return open_channels("ussd:ussd,whatsapp:twilio,sms:twilio")[name]


def written(request: dict[str, Any]) -> bytes:
    """A recorded call as octets: method, tail, query, headers, form or body, a line each."""
    address = urlsplit(str(request.get("path", "")).replace("{secret}", SECRET))
    tail = address.path.partition("/messages")[2].strip("/")
    body = request.get("body") or (json.dumps(request["json"]) if "json" in request else "")
    form = urlencode(request.get("form", {}), doseq=True)
    headers = "&".join(f"{name}={value}" for name, value in request.get("headers", {}).items())
    lines = [request.get("method", "POST"), tail, address.query, headers, form or body]
    return "\n".join(lines).encode()


def call_of(data: bytes) -> WebhookCall:
    """Octets as a call."""
    parts = data.split(b"\n", _PARTS - 1)
    method, tail, query, headers, body = [*parts, *[b""] * (_PARTS - len(parts))]

    def pairs(octets: bytes) -> list[tuple[str, str]]:
        return parse_qsl(words(octets), keep_blank_values=True, max_num_fields=None)

    return WebhookCall(
        url="https://door.example/channels/ussd/messages?" + words(query),
        query=dict(pairs(query)),
        form=MultiDict(pairs(body)),
        headers=dict(pairs(headers)),
        body=body,
        method="GET" if method == b"GET" else "POST",
        tail=words(tail),
        peer="127.0.0.1",
    )


def hears(provider: Provider, data: bytes) -> None:
    """Have a channel verify, read and answer a call, as the door does."""
    call = call_of(data)
    with contextlib.suppress(WebhookRefused):
        provider.verify(call)
    try:
        heard = provider.read(call)
    except WebhookRefused:
        return
    assert isinstance(heard, InboundMessage)
    assert heard.number or provider.capabilities.names_callers_once
    # What is written back must be possible to send, whatever was echoed into it.
    answer = provider.answer(call, ("Salam «é» ⵣ & <b>",), True)
    answer.body.encode("utf-8")
    assert all("\n" not in value for value in answer.headers.values())


def recorded(folder: str, what: str = "inbound") -> list[bytes]:
    """The calls recorded of a provider."""
    paths = [path for path in find_recordings(what) if path.startswith(f"{folder}/")]
    return [written(read_recording(path)["request"]) for path in paths]


def _add_dialect(name: str) -> None:
    @target(f"ussd-{name}", recorded(name))
    def feed(data: bytes) -> None:
        hears(channel("ussd", name), data)


for _path in sorted(DIALECTS.glob("*.toml")):
    _add_dialect(_path.stem)


@target("twilio-messages", recorded("twilio"))
def messages(data: bytes) -> None:
    """A message by WhatsApp, or by SMS."""
    hears(channel("sms" if data[-1:] == b"s" else "whatsapp"), data)


@target("twilio-reports", recorded("twilio", "reports"))
def reports(data: bytes) -> None:
    """A report on a message of ours."""
    provider = channel("sms")
    assert isinstance(provider, Messenger)
    with contextlib.suppress(WebhookRefused):
        provider.read_report(call_of(data))
