"""One sane default world, from which a test changes only what it is about."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, Final

from core.messages import Button, ChannelKind, InboundMessage, Reply, SessionEvent

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBER: Final = "+212612345678"
IDCS: Final = "5839204719"
KEY: Final = bytes(range(32))
KEY_TEXT: Final = base64.urlsafe_b64encode(KEY).decode()

_KINDS: Final = {kind.value: kind for kind in ChannelKind}


def an_inbound(text: str = "1", channel: str = "ussd", **changes: Any) -> InboundMessage:
    """A message that a citizen sent; on USSD a later hop of a session whose inputs are joined."""
    kind = changes.pop("kind", _KINDS.get(channel, ChannelKind.USSD))
    fields: dict[str, Any] = {
        "channel": channel,
        "kind": kind,
        "number": NUMBER,
        "message_id": f"message-{text}",
        "received_at": NOW,
        "text": text,
    }
    if kind is ChannelKind.USSD:
        event = SessionEvent.CONTINUE if text else SessionEvent.NEW
        fields |= {"cumulative": True, "session_id": "session-1", "session_event": event}
    return InboundMessage(**(fields | changes))


def a_reply(text: str = "What do you need?", *titles: str) -> Reply:
    """A reply; each title is a button whose payload is made of it: `Go on` means `/go_on`."""
    return Reply(
        text, tuple(Button(title, "/" + "_".join(title.lower().split())) for title in titles)
    )
