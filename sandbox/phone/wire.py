"""What goes over the wire between a gateway and the door, as the gateways write it.

Knows forms, signatures and answers; knows neither the page nor the state of a call.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree  # nosec B405

import requests
from twilio.request_validator import RequestValidator

from core.identifiers import is_phone
from sandbox.phone.gateway.request import Request
from sandbox.phone.parcels import Parcel

# A provider gives up on a webhook after this long; Twilio and Africa's Talking agree on it.
DEADLINE_SECONDS: Final = 15.0
_CONNECT_SECONDS: Final = 5.0
_NETWORK: Final = "60401"
_ACCOUNT: Final = "AC" + "5a" * 16


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a webhook: HTTP status, body and milliseconds; status 0 is no answer."""

    status: int
    body: str
    milliseconds: int
    headers: Mapping[str, str] = field(default_factory=dict)


def open_http() -> requests.Session:
    """A client for webhooks that keeps connections alive and goes through no proxy."""
    http = requests.Session()
    http.trust_env = False
    http.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=32))
    return http


def post(http: requests.Session, url: str, form: Mapping[str, str], signature: str = "") -> Answer:
    """Post a form once, as a gateway does; no answer at all is an Answer of status 0."""
    headers = {"X-Twilio-Signature": signature} if signature else {}
    return _call(http, "POST", url, form, headers)


def send(http: requests.Session, request: Request) -> Answer:
    """Send what a USSD gateway sends; no answer at all is an Answer of status 0."""
    return _call(http, request.method, request.url, request.body, request.headers)


def _call(
    http: requests.Session,
    method: str,
    url: str,
    data: bytes | Mapping[str, str],
    headers: Mapping[str, str],
) -> Answer:
    begun = time.monotonic()
    try:
        got = http.request(
            method,
            url,
            data=data,
            headers=headers,
            timeout=(_CONNECT_SECONDS, DEADLINE_SECONDS),
        )
    except requests.RequestException:
        return Answer(0, "", _since(begun))
    got.encoding = "utf-8"
    return Answer(got.status_code, got.text, _since(begun), got.headers)


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def account_of(channel: Mapping[str, Any]) -> str:
    """The account a Twilio channel belongs to: its own, or the sandbox's."""
    return str(channel.get("account_sid") or _ACCOUNT)


def sign(channel: Mapping[str, Any], url: str, form: Mapping[str, str]) -> str:
    """The X-Twilio-Signature of a form sent to a URL."""
    return str(RequestValidator(channel["secret"]).compute_signature(url, dict(form)))


def is_code(text: str) -> bool:
    """True for what a handset dials as USSD: `*555#`, `*555*1*2#`."""
    return len(text) > 2 and text[0] == "*" and text[-1] == "#"


def split_code(code: str, address: str) -> tuple[str, str]:
    """The service code and the inputs of a dialled code.

    `*555*1*2#` on the service `*555#` is that service with the inputs `1*2`; a code of another
    service is given back whole, without inputs.
    """
    dialled, service = code.strip("*#"), address.strip("*#")
    if dialled == service:
        return address, ""
    if dialled.startswith(service + "*"):
        return address, dialled[len(service) + 1 :]
    return code, ""


def ussd_form(session: str, service: str, number: str, text: str) -> dict[str, str]:
    """One USSD hop in the dialect of Africa's Talking; `text` is every input so far."""
    return {
        "sessionId": session,
        "serviceCode": service,
        "phoneNumber": number,
        "networkCode": _NETWORK,
        "text": text,
    }


def twilio_form(
    channel: Mapping[str, Any],
    number: str,
    text: str,
    parcel: Parcel,
    message_id: str = "",
    media_url: str = "",
) -> dict[str, str]:
    """An incoming message as Twilio posts it, for the kind of the channel."""
    sid = message_id or ("MM" if parcel.has_file else "SM") + secrets.token_hex(16)
    form = {
        "MessageSid": sid,
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "AccountSid": account_of(channel),
        "ApiVersion": "2010-04-01",
        "SmsStatus": "received",
        "NumSegments": "1",
        "NumMedia": "1" if parcel.has_file else "0",
        "Body": text,
        "From": number,
        "To": channel["address"],
    }
    if parcel.has_file:
        form |= {"MediaUrl0": media_url, "MediaContentType0": parcel.content_type}
    if channel["kind"] == "whatsapp":
        return {**form, **_of_whatsapp(channel, number, parcel), **parcel.fields}
    places = {f"{end}{part}": "" for end in ("From", "To") for part in ("City", "State", "Zip")}
    return form | places | {"FromCountry": "MA", "ToCountry": "MA"}


def _of_whatsapp(channel: Mapping[str, Any], number: str, parcel: Parcel) -> dict[str, str]:
    """What WhatsApp adds; a user who shows no number is known by an id alone."""
    shown = number if is_phone(number) else ""
    return {
        "From": f"whatsapp:{number}",
        "To": f"whatsapp:{channel['address']}",
        "WaId": shown.removeprefix("+"),
        "ExternalUserId": "" if shown else number,
        "ProfileName": "Sandbox",
        "MessageType": parcel.message_type,
        "ReferralNumMedia": "0",
        "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": {}}}),
    }


@dataclass(frozen=True, slots=True)
class Said:
    """A message that an answer carries, and where its fate is to be told; empty: nowhere."""

    text: str
    report: str = ""


def read_twiml(answer: Answer) -> list[str]:
    """The texts of the messages in a TwiML answer; none where it is not readable TwiML."""
    return [said.text for said in read_replies(answer)]


def read_replies(answer: Answer) -> list[Said]:
    """The messages in a TwiML answer; none where it is not readable TwiML."""
    if answer.status != 200 or not answer.body.strip():
        return []
    try:
        # The body is our own door's; expat bounds entity expansion.
        root = ElementTree.fromstring(answer.body)  # nosec B314
    except ElementTree.ParseError:
        return []
    replies = []
    for message in root.iter("Message"):
        body = message.find("Body")
        text = (body if body is not None else message).text
        replies.append(Said((text or "").strip("\n"), message.get("action") or ""))
    return replies
