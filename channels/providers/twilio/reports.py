"""Twilio's status callbacks: what became of a message that was sent."""

from __future__ import annotations

from channels.port import WebhookCall
from core.errors import MalformedPayload
from core.outgoing import Fate
from records.statuses import is_status

# What our own address for reports carries: the message's id in the outbox.
MESSAGE = "message"
_LONGEST_NAME = 255


def read_report(call: WebhookCall) -> Fate:
    """The fate that a status callback tells. Raises MalformedPayload."""
    form = call.form
    name = form.get("MessageSid") or form.get("SmsSid") or ""
    status = (form.get("MessageStatus") or form.get("SmsStatus") or "").lower()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise MalformedPayload("missing: MessageSid")
    if not is_status(status):
        raise MalformedPayload("cannot be read: MessageStatus")
    message = call.query.get(MESSAGE, "")
    if message and not (message.isascii() and message.isdecimal() and len(message) < 19):
        raise MalformedPayload("cannot be read: message")
    code = form.get("ErrorCode", "")
    return Fate(name, status, code if code.isdecimal() and code != "0" else "", message)
