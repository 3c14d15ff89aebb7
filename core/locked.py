"""Large content under a key of its own, so that changing keys need not touch it.

The key is random, lies sealed beside the content, and is all that is wrapped anew or destroyed.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import TokenRefused

_NONCE: Final = 12
_KEY: Final = 32


def lock(content: bytes, context: str) -> tuple[bytes, bytes]:
    """A new key, and the content encrypted with it for a context."""
    key, nonce = os.urandom(_KEY), os.urandom(_NONCE)
    return key, nonce + AESGCM(key).encrypt(nonce, content, context.encode())


def unlock(key: bytes, locked: bytes, context: str) -> bytes:
    """The content. Raises TokenRefused with another key, or in another context."""
    try:
        return AESGCM(key).decrypt(locked[:_NONCE], locked[_NONCE:], context.encode())
    except (InvalidTag, ValueError):
        raise TokenRefused("locked content does not belong here") from None
