"""Whose request it is, and how Twilio refuses one: by codes and a shape of its own."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

Channel = Mapping[str, Any]
_FAULTS: Final = {
    20001: (400, "Invalid parameter"),
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
    21654: (400, "A ContentSid must be specified with ContentVariables."),
    21655: (400, "The ContentSid is invalid."),
    21656: (400, "The ContentVariables parameter is invalid."),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
    63013: (400, "Channel policy violation"),
}


class Refused(Exception):
    """A request that Twilio would refuse; `code` is Twilio's own."""

    def __init__(self, code: int, status: int = 0) -> None:
        usual, says = _FAULTS.get(code, (400, "Refused, as was asked for"))
        self.code = code
        self.status = status or usual
        super().__init__(says)


def refusing(blueprint: Blueprint) -> None:
    """Have a blueprint answer what it refuses as Twilio does."""

    @blueprint.errorhandler(Refused)
    def refuse(refused: Refused) -> tuple[Response, int]:
        more = f"https://www.twilio.com/docs/errors/{refused.code}"
        status = refused.status
        told = jsonify(code=refused.code, message=str(refused), more_info=more, status=status)
        return told, status


def account_of_request(channels: Mapping[str, Channel]) -> str:
    """The account that a request proves to be of. Raises Refused."""
    given = request.authorization
    account = str(given.username) if given and given.username else ""
    owned_by_request(account, channels)
    return account


def owned_by_request(account: str, channels: Mapping[str, Channel]) -> dict[str, Channel]:
    """The channels of the account whose token the request carries. Raises Refused."""
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
