"""Webhooks in the form of Standard Webhooks: what there are, and how one is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

EVENTS: Final = ("handover.asked", "handover.claimed", "handover.settled", "delivery.failed")
# The task that sends what waits.
SEND_WEBHOOKS: Final = "worker.webhooks.send"
_PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """A secret that nobody else has, as both sides write it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed_headers(secret: str, name: str, at: int, body: bytes) -> dict[str, str]:
    """The headers by which whoever has the secret knows that a message is ours, and of now."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    content = f"{name}.{at}.".encode() + body
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature}",
    }
