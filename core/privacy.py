"""Pseudonyms, sealing and masking: how a person's data stays out of every place it need not be.

A *number* (a phone line) and a *person* (a verified IDCS) are known by keyed hashes only. What must
be kept for a while is sealed: encrypted for one context, unreadable in any other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from typing import Final
from urllib.parse import unquote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import SettingsFaulty, TokenRefused
from core.identifiers import find_identifiers, plain_digits

_FORMAT: Final = b"\x01"
_NONCE: Final = 12
# Arabic-Indic digits as JSON and Python escape them.
_ESCAPED_DIGIT: Final = re.compile(r"\\u06[6fF]\d|\\x(?:d9\\xa|db\\xb)\d")
_PSEUDONYM: Final = re.compile(r"(?<![0-9A-Za-z])((?=[0-9]*[a-f])[0-9a-f]{32})(?![0-9A-Za-z])")
_TOKEN: Final = re.compile(r"\[\[[^\]]*\]\]")


def read_key(text: str, name: str) -> bytes:
    """A 32-byte key from its URL-safe base64 text. Raises SettingsFaulty."""
    try:
        key = base64.urlsafe_b64decode(text)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != 32:
        raise SettingsFaulty([f"{name}: 32 bytes in URL-safe base64 are needed"])
    return key


class Pseudonyms:
    """Keyed hashes under which numbers and persons are known; the same on every channel."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def number(self, e164: str) -> str:
        """The key of a phone number: 32 hexadecimal characters."""
        return self._hash("number:" + e164)

    def person(self, idcs: str) -> str:
        """The key of a verified person: 32 hexadecimal characters."""
        return self._hash("person:" + idcs)

    def event(self, identity: str) -> str:
        """The key of a delivery or a USSD session, whose own name may hold what was typed."""
        return self._hash("event:" + identity)

    def _hash(self, value: str) -> str:
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()[:32]


class Seal:
    """Authenticated encryption (AES-256-GCM) of a value for one context.

    A sealed value is one format byte, a 12-byte nonce, and the ciphertext; the context is bound in
    and not stored, so a value copied elsewhere cannot be opened there.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, value: bytes, context: str) -> bytes:
        """Encrypt a value for a context."""
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, value, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt a value in the context it was sealed for. Raises TokenRefused in any other."""
        if sealed[:1] != _FORMAT:
            raise TokenRefused("unknown format of a sealed value")
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError):
            raise TokenRefused("a sealed value does not belong here") from None


def mask_text(text: str) -> str:
    """The text with every identifier and vault token replaced, for logs and tracebacks.

    Pseudonyms stay, for they tell one conversation's lines from another's. Identifiers are found
    in the writing of addresses (%D9%A0, %2F) and of escapes (\\u0660) too.
    """
    if "%" in text:
        text = unquote(text)
    text = _ESCAPED_DIGIT.sub(lambda match: match.group()[-1], text)
    text = _TOKEN.sub("[sealed]", plain_digits(text))
    pieces = _PSEUDONYM.split(text)
    pieces[::2] = map(_mask_identifiers, pieces[::2])
    return "".join(pieces)


def _mask_identifiers(text: str) -> str:
    out, reached = [], 0
    for found in find_identifiers(text):
        out += [text[reached : found.start], f"[{found.purpose}]"]
        reached = found.end
    return "".join([*out, text[reached:]])
