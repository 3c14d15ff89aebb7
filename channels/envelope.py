"""A message as it lies in the outbox: sealed for its recipient, with the number it goes to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson

from channels.rendering.gsm7 import segments
from core.editions import MESSAGE
from core.errors import TokenRefused
from core.messages import ChannelKind
from core.outgoing import Outgoing, Prepared, read_tappable
from core.privacy import Seal
from records.outbox import ANSWER, Draft, seal_context

# The address for reports is made when a message goes: it may be another one by then.
_KEPT = ("number", "text", "prepared", "instead", "tappable")


def close_message(
    seal: Seal,
    recipient_key: str,
    message: Outgoing,
    kind: ChannelKind,
    cause: str = "",
    purpose: str = ANSWER,
) -> Draft:
    """The message sealed, with how many SMS it takes where it is one."""
    value = asdict(message)
    sealed = seal.close(
        MESSAGE.dumps({name: value[name] for name in _KEPT}), seal_context(recipient_key)
    )
    parts = segments(message.text) if kind is ChannelKind.SMS else 0
    return Draft(sealed, cause, purpose, parts)


def open_message(seal: Seal, recipient_key: str, sealed: bytes) -> Outgoing:
    """The message. Raises TokenRefused where it was sealed for another or cannot be read.

    Raises WrittenLater where only a later release reads it.
    """
    try:
        value: dict[str, Any] = MESSAGE.loads(seal.open(sealed, seal_context(recipient_key)))
        prepared = value.pop("prepared", None)
        tappable = read_tappable(value.pop("tappable", None))
        return Outgoing(
            **value, prepared=Prepared(**prepared) if prepared else None, tappable=tappable
        )
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as fault:
        raise TokenRefused("a message cannot be read") from fault


def report_address(public_url: str, channel: str, message_id: int) -> str:
    """Where a provider tells what becomes of one message of ours."""
    return f"{public_url.rstrip('/')}/channels/{channel}/reports?message={message_id}"


def told_key(message_id: int | str) -> str:
    """The key in Redis that a message's provider told of it, before the records know."""
    return f"told:{message_id}"
