"""Twilio's REST interface for messages, as far as a sender uses it.

A message created here arrives on the sandbox phone at once, and its status callbacks follow. The
secret of a channel is the auth token of the account; errors have Twilio's codes and shape.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any, Final

import requests
from flask import Blueprint, Response, jsonify, request

from core.identifiers import read_number
from sandbox.provider.callbacks import Callbacks
from sandbox.provider.messages import Kept, Sent

Channel = Mapping[str, Any]
_LONGEST_BODY: Final = 1600
_WHATSAPP: Final = "whatsapp:"
_FAULTS: Final = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    21211: (400, "The 'To' number is not a valid phone number."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number is not a valid, message-capable number of this account.",
    ),
    21609: (400, "The 'StatusCallback' URL is not a valid fully qualified URL."),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21619: (400, "A text message body or media urls must be specified."),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}


class Refused(Exception):
    """A request that Twilio would refuse; `code` is Twilio's own."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(_FAULTS[code][1])


def build_provider(
    read_channels: Callable[[], Mapping[str, Channel]],
    deliver: Callable[[str, str, str, str, str], object],
    http: requests.Session,
) -> Blueprint:
    """The blueprint of `/twilio`.

    `deliver(channel, sender, number, text, message id)` puts a message on the phone.
    """
    provider = Blueprint("provider", __name__, url_prefix="/twilio/2010-04-01/Accounts/<account>")
    kept, callbacks = Kept(), Callbacks(http)

    @provider.errorhandler(Refused)
    def refuse(refused: Refused) -> tuple[Response, int]:
        status = _FAULTS[refused.code][0]
        more = f"https://www.twilio.com/docs/errors/{refused.code}"
        told = jsonify(code=refused.code, message=str(refused), more_info=more, status=status)
        return told, status

    @provider.post("/Messages.json")
    def create(account: str) -> tuple[dict[str, Any], int]:
        owned = _owned(account, read_channels())
        asked = request.form
        name = _sending_channel(asked.get("From", ""), owned)
        number = _recipient(asked.get("To", ""), owned[name]["kind"])
        text, callback = asked.get("Body", ""), asked.get("StatusCallback", "")
        if not text and not asked.getlist("MediaUrl"):
            raise Refused(21619)
        if len(text) > _LONGEST_BODY:
            raise Refused(21617)
        if callback and not callback.startswith(("http://", "https://")):
            raise Refused(21609)
        media = len(asked.getlist("MediaUrl"))
        sent = Sent.accept(account, asked["From"], asked["To"], text, media)
        kept.add(sent)
        deliver(name, str(owned[name]["address"]), number, text or "🖼", sent.sid)
        callbacks.follow(sent, owned[name], callback)
        return sent.to_json(), 201

    @provider.get("/Messages/<sid>.json")
    def fetch(account: str, sid: str) -> dict[str, Any]:
        _owned(account, read_channels())
        sent = kept.find(sid)
        if sent is None or sent.account != account:
            raise Refused(20404)
        return sent.to_json()

    return provider


def _owned(account: str, channels: Mapping[str, Channel]) -> dict[str, Channel]:
    """The channels of the account whose token the request carries."""
    given = request.authorization
    if given is None or given.type != "basic" or given.username != account:
        raise Refused(20003)
    token = (given.password or "").encode()
    owned = {
        name: channel
        for name, channel in channels.items()
        if channel["provider"] == "twilio"
        and channel.get("account_sid") in (None, account)
        and hmac.compare_digest(str(channel["secret"]).encode(), token)
    }
    if not owned:
        raise Refused(20003)
    return owned


def _sending_channel(sender: str, owned: Mapping[str, Channel]) -> str:
    if not sender:
        raise Refused(21603)
    on_whatsapp = sender.startswith(_WHATSAPP)
    address = sender.removeprefix(_WHATSAPP)
    for name, channel in owned.items():
        if channel["address"] == address and (channel["kind"] == "whatsapp") == on_whatsapp:
            return name
    raise Refused(63007 if on_whatsapp else 21606)


def _recipient(written: str, kind: str) -> str:
    if not written:
        raise Refused(21604)
    on_whatsapp = written.startswith(_WHATSAPP)
    number = read_number(written.removeprefix(_WHATSAPP))
    if number is None or on_whatsapp != (kind == "whatsapp"):
        raise Refused(21211)
    return number
