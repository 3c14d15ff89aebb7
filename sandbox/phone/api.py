"""The JSON interface of the phone, for its page and for tests."""

from __future__ import annotations

from typing import Any

import requests
from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    HTTPException,
    NotFound,
    ServiceUnavailable,
)

from core.identifiers import read_number, read_user_id
from sandbox.phone.calls import Calls
from sandbox.phone.client import NoSession
from sandbox.phone.directory import ChannelsFile, read_citizens
from sandbox.phone.inbox import Inbox
from sandbox.phone.parcels import KINDS, Parcel, pack, tap
from sandbox.provider.exchange import Exchange
from sandbox.provider.media import Files


def build_api(
    channels: ChannelsFile,
    inbox: Inbox,
    files: Files,
    exchange: Exchange,
    http: requests.Session,
    registry_url: str,
) -> Blueprint:
    """The blueprint of `/api`; every refusal is JSON `{"error": reason}` with its status."""
    api = Blueprint("api", __name__, url_prefix="/api")
    calls = Calls(inbox, files, exchange, http)

    @api.errorhandler(HTTPException)
    def refuse(refused: HTTPException) -> tuple[Response, int]:
        return jsonify(error=refused.description), refused.code or 500

    @api.after_request
    def forget(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    @api.post("/send")
    def send() -> dict[str, Any]:
        asked = _asked()
        number = _number(asked.get("number"))
        name = _text(asked, "channel")
        known = channels.read()
        if not known:
            raise ServiceUnavailable("no channels are known yet")
        if name not in known:
            raise NotFound(f"no such channel; there are: {', '.join(known)}")
        channel, text = known[name], _text(asked, "text")
        message_id = _text(asked, "message_id")
        if channel["kind"] != "ussd":
            parcel, attached = _parcel(asked)
            return calls.say(channel, name, number, text, parcel, attached, message_id)
        if asked.get("action") == "cancel":
            return calls.cancel(channel, name, number)
        try:
            return calls.hop(channel, name, number, text, _text(asked, "session"), message_id)
        except NoSession:
            raise Conflict("no USSD session is open; dial a code first") from None

    @api.post("/deliver")
    def deliver() -> tuple[dict[str, Any], int]:
        asked = _asked()
        number, sender = _number(asked.get("to")), _text(asked, "from")
        name = channels.name_of("sms")
        kept = inbox.receive(name, read_number(sender) or sender, number, _text(asked, "text"))
        return kept.to_json(), 201

    @api.get("/inbox")
    def read_inbox() -> dict[str, Any]:
        # A plus sign that was not escaped in a query arrives as a space.
        asked = request.args.get("number", "")
        number = _number("+" + asked[1:] if asked.startswith(" ") else asked)
        kept = inbox.read(number, request.args.get("channel", ""))
        return {"messages": [message.to_json() for message in kept]}

    @api.get("/citizens")
    def citizens() -> dict[str, Any]:
        return {"citizens": read_citizens(registry_url, http)}

    @api.get("/channels")
    def read_channels() -> dict[str, Any]:
        return {"channels": channels.read_public()}

    return api


def _asked() -> dict[str, Any]:
    asked = request.get_json()
    if not isinstance(asked, dict):
        raise BadRequest("a JSON object is needed")
    return asked


def _parcel(asked: dict[str, Any]) -> tuple[Parcel, str]:
    """What is sent beside the text, and its kind: a choice that is tapped, or a file."""
    tapped, kind = asked.get("tap"), _text(asked, "attach")
    if isinstance(tapped, dict):
        return tap(_text(tapped, "kind"), _text(tapped, "id"), _text(asked, "text")), ""
    if not kind:
        return Parcel(), ""
    try:
        return pack(kind, asked), kind
    except (KeyError, ValueError):
        raise BadRequest(f"attach is one of: {', '.join(KINDS)}") from None


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRequest(f"{name} must be a string")
    return value


def _number(written: object) -> str:
    """A phone number, or the id of a WhatsApp user who shows none."""
    number = (read_number(written) or read_user_id(written)) if isinstance(written, str) else None
    if number is None:
        raise BadRequest("not a valid phone number")
    return number
