"""What the tests and a curious operator may ask of the pretend provider: faults, and lost calls."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import BadRequest

from sandbox.provider.contents import Contents
from sandbox.provider.exchange import Exchange


def build_control(exchange: Exchange, contents: Contents) -> Blueprint:
    """The blueprint of `/twilio/sandbox`.

    `faults`: POST one fault or a list of them (sandbox/provider/faults.py), GET those still to
    happen, DELETE them all. `received`: POST the form of a message whose webhook failed, with
    `seconds_ago`, for it to be found in the list. `messages`: GET all that passed.
    `approvals`: POST the `status` and `reason` that Meta has for every template it is shown, those
    shown `before` too unless that is false.
    """
    control = Blueprint("control", __name__, url_prefix="/twilio/sandbox")

    @control.post("/faults")
    def inject() -> tuple[dict[str, Any], int]:
        asked = request.get_json()
        try:
            for one in asked if isinstance(asked, list) else [asked]:
                exchange.faults.inject(one)
        except (AttributeError, ValueError) as unknown:
            raise BadRequest(str(unknown)) from None
        return {"faults": exchange.faults.to_json()}, 201

    @control.get("/faults")
    def waiting() -> dict[str, Any]:
        return {"faults": exchange.faults.to_json()}

    @control.delete("/faults")
    def clear() -> tuple[str, int]:
        exchange.faults.clear()
        return "", 204

    @control.post("/received")
    def receive() -> tuple[dict[str, Any], int]:
        form = request.get_json()
        if not isinstance(form, dict) or not {"MessageSid", "From", "To"} <= form.keys():
            raise BadRequest("the form of a message is needed")
        ago = float(form.pop("seconds_ago", 0.0))
        return exchange.receive(form, ago).to_json(), 201

    @control.post("/approvals")
    def judge() -> tuple[str, int]:
        asked = request.get_json()
        contents.judge(
            str(asked["status"]), str(asked.get("reason", "")), bool(asked.get("before", True))
        )
        return "", 204

    @control.get("/messages")
    def messages() -> Any:
        account = request.args.get("account", "")
        return jsonify([message.to_json() for message in exchange.kept.of(account)])

    return control
