"""Recorded calls of providers: found on disk, signed with the tests' own secrets, delivered.

A recording says in `about` what it is, in `request` what comes over the wire, and in `expect` the
fields of the message it must become, or the `error` and its HTTP `status`. What is signed is the
request itself unless it says otherwise: `headers` replaces the signature; `signed_by`,
`signed_form` and `signed_path` make it one of something else. A field that comes several times is
a list; `body` or `json` is sent in place of a form, and `digest` of it put into the address.

A request is a POST unless it says its `method`. `after` names recordings that are delivered before
it. A USSD answer is recorded by what it `answers`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from channels.calls import Calls
from channels.carrying import Carrying
from channels.conversation import Conversations, LetIn, everybody
from channels.deadline import Said
from channels.directory import open_channels
from channels.front import Front
from channels.gate import Gate
from channels.port import Channel, Messenger, Provider, WebhookAnswer, WebhookCall
from channels.redeliveries import Redeliveries
from channels.reports import Reports
from channels.turn_lock import Count
from channels.webhooks import Webhooks
from core.errors import WebhookRefused
from core.messages import InboundMessage
from core.outgoing import Fate
from core.privacy import Pseudonyms, Seal

T = TypeVar("T")
FOLDER: Final = Path(__file__).parent
PUBLIC: Final = "https://door.example"
SECRET: Final = "a-secret-of-the-gateway"
PASSWORD: Final = "a-password-of-the-gateway"
TOKEN: Final = "an-auth-token-for-tests"
PREVIOUS: Final = "the-auth-token-before-it"
ACCOUNT: Final = "AC" + "1" * 32
ENVIRONMENT: Final = {
    "TWIZA_CHANNEL_USSD_ADDRESS": "*555#",
    "TWIZA_CHANNEL_USSD_SECRET": SECRET,
    "TWIZA_CHANNEL_USSD_USER": "gateway",
    "TWIZA_CHANNEL_USSD_PASSWORD": PASSWORD,
    "TWIZA_CHANNEL_WHATSAPP_KIND": "whatsapp",
    "TWIZA_CHANNEL_WHATSAPP_ADDRESS": "+212520000001",
    "TWIZA_CHANNEL_WHATSAPP_ACCOUNT_SID": ACCOUNT,
    "TWIZA_CHANNEL_WHATSAPP_AUTH_TOKEN": TOKEN,
    "TWIZA_CHANNEL_WHATSAPP_PREVIOUS_AUTH_TOKEN": PREVIOUS,
    "TWIZA_CHANNEL_SMS_KIND": "sms",
    "TWIZA_CHANNEL_SMS_ADDRESS": "+212520000002",
    "TWIZA_CHANNEL_SMS_ACCOUNT_SID": ACCOUNT,
    "TWIZA_CHANNEL_SMS_AUTH_TOKEN": TOKEN,
}


def find_recordings(what: str) -> list[str]:
    """The recordings of `inbound`, `outbound` or `reports`, of every provider, by their paths."""
    return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob(f"*/{what}/*.json"))


def read_recording(path: str) -> dict[str, Any]:
    """What a recording says."""
    recording: dict[str, Any] = json.loads((FOLDER / path).read_text(encoding="utf-8"))
    return recording


class Doorstep(Conversations):
    """Takes what the door reads, and answers what it was told to."""

    def __init__(self) -> None:
        self.heard: list[InboundMessage] = []
        self.says = Said(("heard",))

    def hop(
        self,
        channel: str,
        provider: Channel,
        inbound: InboundMessage,
        let_in: LetIn = everybody,
        came: float | None = None,
    ) -> Said:
        """Keep the message."""
        self.heard.append(inbound)
        return self.says


class OpenGate(Gate):
    """Lets everybody in."""

    def __init__(self) -> None:
        pass

    def let_in(
        self, channel: str, inbound: InboundMessage, take: Callable[[Sequence[Count]], T]
    ) -> Said | T:
        """Nobody is turned away, and nothing counted."""
        return take(())


class PlainNames(Redeliveries):
    """Leaves every message the name it came by."""

    def __init__(self) -> None:
        pass

    def settle(self, channel: str, inbound: InboundMessage) -> InboundMessage:
        """The message as it is."""
        return inbound


class PlainCarrying(Carrying):
    """Answers as the provider writes it, and keeps nothing."""

    def __init__(self) -> None:
        pass

    def answer(
        self,
        channel: str,
        provider: Provider,
        call: WebhookCall,
        inbound: InboundMessage,
        said: Said,
    ) -> WebhookAnswer:
        """The provider's own answer."""
        return provider.answer(call, said.texts, said.is_open)


class KeptReports(Reports):
    """Keeps what providers report of messages."""

    def __init__(self) -> None:
        self.fates: list[Fate] = []

    def take(self, channel: str, provider: Provider, call: WebhookCall) -> None:
        """Keep the fate."""
        if isinstance(provider, Messenger):
            self.fates.append(provider.read_report(call))


class _Listened(Webhooks):
    """Webhooks that keep what they refused."""

    kept: list[WebhookRefused]

    def refused(self, fault: WebhookRefused) -> WebhookAnswer:
        """See the class."""
        self.kept.append(fault)
        return super().refused(fault)


class Wire:
    """The webhooks of a provider's channels, and what they heard and refused."""

    def __init__(
        self,
        channels: dict[str, Provider],
        store: redis.Redis | None = None,
        public: str = PUBLIC,
    ) -> None:
        self.doorstep = Doorstep()
        self.reports = KeptReports()
        self.refused: list[WebhookRefused] = []
        app = self.app = Flask("wire")
        # Most gateways name caller and session in every hop, and leave the store alone.
        calls = Calls(cast("redis.Redis", store), Seal(bytes(32)), Pseudonyms(bytes(32)))
        front = Front(OpenGate(), PlainNames(), PlainCarrying(), self.reports)
        addresses = _Listened(app.wsgi_app, channels, self.doorstep, calls, front, public)
        addresses.kept = self.refused
        app.wsgi_app = addresses  # type: ignore[assignment, method-assign]
        self._client: FlaskClient = app.test_client()

    def deliver(self, request: dict[str, Any]) -> TestResponse:
        """Send a recorded request as the provider would."""
        path = _filled(request["path"])
        given = request.get("form", {})
        form = MultiDict({name: _filled(value) for name, value in given.items()})
        if "digest" in request:
            path += f"?bodySHA256={hashlib.sha256(request['digest'].encode()).hexdigest()}"
        headers = request.get("headers", {"X-Twilio-Signature": _signature(request, path, form)})
        latin = {name: value.encode().decode("latin-1") for name, value in headers.items()}
        sent: dict[str, Any] = {"data": request.get("body", form)}
        if "json" in request:
            sent = {"json": request["json"]}
        kind, method = request.get("content_type"), request.get("method", "POST")
        return self._client.open(path, method=method, headers=latin, content_type=kind, **sent)

    def deliver_recorded(self, path: str) -> TestResponse:
        """Send a recording after those that must come before it; only it counts as heard."""
        recorded = read_recording(path)
        for before in recorded.get("after", []):
            self.deliver(read_recording(f"{path.rpartition('/')[0]}/{before}")["request"])
        self.doorstep.heard.clear()
        return self.deliver(recorded["request"])


def open_recorded(recording: str, patch: pytest.MonkeyPatch) -> dict[str, Provider]:
    """The channels a recording is of: a provider's, or a USSD gateway's by its dialect."""
    name = recording.split("/")[0]
    for variable, value in ENVIRONMENT.items():
        patch.setenv(variable, value)
    if (FOLDER.parents[2] / "channels" / "providers" / name).is_dir():
        return open_channels(f"whatsapp:{name},sms:{name}")
    patch.setenv("TWIZA_CHANNEL_USSD_DIALECT", name)
    return open_channels("ussd:ussd")


def _filled(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.replace("{secret}", SECRET).replace("{password}", PASSWORD)


def _signature(request: dict[str, Any], path: str, form: MultiDict[str, str]) -> str:
    """As Twilio makes it: over the address, and over every value of every field of a form."""
    signed = MultiDict(request["signed_form"]) if "signed_form" in request else form
    text = PUBLIC + request.get("signed_path", path)
    for name in sorted(signed):
        text += "".join(name + value for value in sorted(set(signed.getlist(name))))
    secret = request.get("signed_by", TOKEN).encode()
    return base64.b64encode(hmac.digest(secret, text.encode(), "sha1")).decode()
