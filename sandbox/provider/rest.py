"""Twilio's REST interface for messages, as far as a sender uses it.

A message created here arrives on the sandbox phone at once, and its status callbacks follow. The
secret of a channel is the auth token of the account; errors have Twilio's codes and shape.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, request

from core.identifiers import read_number, read_user_id
from sandbox.provider.accounts import Channel, Refused, owned_by_request, refusing
from sandbox.provider.contents import Contents, Made, Unfit
from sandbox.provider.exchange import Exchange
from sandbox.provider.faults import Fault
from sandbox.provider.listing import list_page
from sandbox.provider.messages import Message, new_sid

_LONGEST_BODY: Final = 1600
_WHATSAPP: Final = "whatsapp:"


def build_provider(
    read_channels: Callable[[], Mapping[str, Channel]],
    deliver: Callable[[str, str, str, Made, str], object],
    exchange: Exchange,
    contents: Contents,
) -> Blueprint:
    """The blueprint of `/twilio`.

    `deliver(channel, sender, number, message, message id)` puts a message on the phone.
    """
    provider = Blueprint("provider", __name__, url_prefix="/twilio/2010-04-01/Accounts/<account>")

    refusing(provider)

    @provider.post("/Messages.json")
    def create(account: str) -> tuple[Any, int]:
        owned = owned_by_request(account, read_channels())
        asked = request.form
        name = _sending_channel(asked.get("From", ""), owned)
        number = _recipient(asked.get("To", ""), owned[name]["kind"])
        made, callback = _made(account), asked.get("StatusCallback", "")
        if callback and not callback.startswith(("http://", "https://")):
            raise Refused(21609)
        fault = exchange.faults.take(str(owned[name]["kind"]), number)
        if fault.status:
            raise Refused(fault.code or 20000 + fault.status, fault.status)
        media = len(asked.getlist("MediaUrl"))
        message = exchange.kept.add(
            Message(
                *(account, asked["From"], asked["To"], made.text, media), sid=new_sid(media > 0)
            )
        )
        told = message.to_json()
        if not fault.code:
            deliver(name, str(owned[name]["address"]), number, made, message.sid)
        exchange.callbacks.follow(message, owned[name], callback, fault)
        return _answered(told, fault)

    @provider.get("/Messages.json")
    def list_messages(account: str) -> dict[str, Any]:
        owned_by_request(account, read_channels())
        return list_page(account, request.args, exchange.kept.of(account))

    @provider.get("/Messages/<sid>.json")
    def fetch(account: str, sid: str) -> dict[str, Any]:
        owned_by_request(account, read_channels())
        message = exchange.kept.find(sid)
        if message is None or message.account != account:
            raise Refused(20404)
        return message.to_json()

    def _made(account: str) -> Made:
        """What the recipient will see. Raises Refused."""
        text, sid = request.form.get("Body", ""), request.form.get("ContentSid", "")
        values = request.form.get("ContentVariables", "")
        if not sid:
            if values:
                raise Refused(21654)
            if not text and not request.form.getlist("MediaUrl"):
                raise Refused(21619)
            if len(text) > _LONGEST_BODY:
                raise Refused(21617)
            return Made(text or "🖼")
        content = contents.find(account, sid)
        if content is None:
            raise Refused(21655)
        try:
            return content.fill(values)
        except Unfit as unfit:
            raise Refused(unfit.code) from None

    return provider


def _answered(told: dict[str, Any], fault: Fault) -> tuple[Any, int]:
    """The answer to a message that was taken, which may come late or get lost on its way."""
    if fault.seconds:
        time.sleep(fault.seconds)
    if fault.lost:
        return "<html>upstream timed out</html>", 504
    return told, 201


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
    address = written.removeprefix(_WHATSAPP)
    number = read_number(address) or (read_user_id(address) if on_whatsapp else None)
    if number is None or on_whatsapp != (kind == "whatsapp"):
        raise Refused(21211)
    return number
