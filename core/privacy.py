"""Pseudonyms, sealing and masking: how a person's data stays out of every place it need not be.

A *number* (a phone line) and a *person* (a verified IDCS) are known by keyed hashes only. What must
be kept for a while is sealed: encrypted for one context, unreadable in any other.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
from typing import Final
from urllib.parse import unquote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import SettingsFaulty, TokenRefused, WrittenLater
from core.identifiers import find_identifiers, plain_digits
from core.keys import ID_LENGTH, Key, KeyRing

# Format 1 was sealed with the one key there was; it is not read any more.
_FORMAT: Final = b"\x02"
# Of later releases; what begins otherwise was never sealed.
_LATER: Final = frozenset(bytes((number,)) for number in range(3, 32))
_NONCE: Final = 12
_DATA_KEY: Final = 32
# How far the id of the key reaches into a sealed value.
SEALED_HEAD: Final = 1 + ID_LENGTH
_WRAPPED: Final = _NONCE + _DATA_KEY + 16
# Arabic-Indic digits as JSON and Python escape them.
_ESCAPED_DIGIT: Final = re.compile(r"\\u06[6fF]\d|\\x(?:d9\\xa|db\\xb)\d")
_PSEUDONYM: Final = re.compile(r"(?<![0-9A-Za-z])((?=[0-9]*[a-f])[0-9a-f]{32})(?![0-9A-Za-z])")
# WhatsApp's own id of a user; two letters and a dot alone stand in many a traceback.
_USER_ID: Final = re.compile(r"\b[A-Z]{2}\.(?:ENT\.)?(?=[0-9A-Za-z]*\d{3})[0-9A-Za-z]{8,128}\b")
_MOST_QUOTED: Final = 8
_WRITTEN: Final = re.compile(r"[^\W_]")
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
        return hmac.digest(self._key, value.encode(), "sha256").hex()[:32]


class Seal:
    """Authenticated encryption (AES-256-GCM) of a value for one context, in an envelope.

    Every value is encrypted with a key of its own, its data key. That stands beside it, encrypted
    with a key of the ring: to change keys, the data keys alone are wrapped anew. A sealed value is
    one format byte, the id of the key, the wrapped data key (nonce and ciphertext), a nonce and the
    ciphertext; the context is bound in and not stored, so a value copied elsewhere cannot be opened
    there.
    """

    def __init__(self, keys: KeyRing | bytes) -> None:
        self._ring = keys if isinstance(keys, KeyRing) else KeyRing((Key(keys),))

    def close(self, value: bytes, context: str) -> bytes:
        """Encrypt a value for a context."""
        # Drawn at once: at each question to the system all other threads may go first.
        drawn = os.urandom(_DATA_KEY + 2 * _NONCE)
        data_key, nonce = drawn[:_DATA_KEY], drawn[_DATA_KEY:-_NONCE]
        body = AESGCM(data_key).encrypt(nonce, value, context.encode())
        return self._wrap(data_key, drawn[-_NONCE:]) + nonce + body

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt a value in the context it was sealed for. Raises TokenRefused in any other.

        Raises WrittenLater where only a later release can.
        """
        data_key, rest = self._unwrap(sealed)
        try:
            return AESGCM(data_key).decrypt(rest[:_NONCE], rest[_NONCE:], context.encode())
        except (InvalidTag, ValueError):
            raise TokenRefused("a sealed value does not belong here") from None

    def rewrap(self, sealed: bytes) -> bytes:
        """The same value under the key that seals now; its context need not be known.

        Raises TokenRefused where its key is not in the ring.
        """
        if sealed[:SEALED_HEAD] == _FORMAT + self._ring.current.id:
            return sealed
        data_key, rest = self._unwrap(sealed)
        return self._wrap(data_key, os.urandom(_NONCE)) + rest

    def _wrap(self, data_key: bytes, nonce: bytes) -> bytes:
        key = self._ring.current
        return _FORMAT + key.id + nonce + key.cipher.encrypt(nonce, data_key, _FORMAT)

    def _unwrap(self, sealed: bytes) -> tuple[bytes, bytes]:
        """The data key of a sealed value, and its nonce with its ciphertext."""
        if sealed[:1] in _LATER:
            raise WrittenLater(f"a sealed value of format {sealed[0]}")
        if sealed[:1] != _FORMAT:
            raise TokenRefused("unknown format of a sealed value")
        key, rest = self._ring.find(sealed[1:SEALED_HEAD]), sealed[SEALED_HEAD:]
        if key is None:
            raise TokenRefused("a value is sealed with a key that is not here")
        nonce, wrapped = rest[:_NONCE], rest[_NONCE:_WRAPPED]
        try:
            return key.cipher.decrypt(nonce, wrapped, _FORMAT), rest[_WRAPPED:]
        except (InvalidTag, ValueError):
            raise TokenRefused("a sealed value does not belong here") from None


def key_of(sealed: bytes) -> str:
    """The id of the key a sealed value is wrapped with; empty where it is no sealed value."""
    is_sealed = sealed[:1] == _FORMAT and len(sealed) > SEALED_HEAD + _WRAPPED
    return sealed[1:SEALED_HEAD].hex() if is_sealed else ""


def mask_value(value: str) -> str:
    """A value of somebody's file as a transcript keeps it: a star for each letter and digit."""
    return _WRITTEN.sub("*", value)


def mask_text(text: str) -> str:
    """The text with every identifier and vault token replaced, for logs and tracebacks.

    Pseudonyms stay, for they tell one conversation's lines from another's. Identifiers are found
    in the writing of addresses (%D9%A0, %2F) and of escapes (\\u0660) too.
    """
    text = _unquoted(plain_digits(text))
    text = _ESCAPED_DIGIT.sub(lambda match: match.group()[-1], text)
    text = _USER_ID.sub("[user]", _TOKEN.sub("[sealed]", plain_digits(text)))
    pieces = _PSEUDONYM.split(text)
    pieces[::2] = map(_mask_identifiers, pieces[::2])
    return "".join(pieces)


def _unquoted(text: str) -> str:
    """The text out of the writing of addresses, however often it was put into it."""
    for _ in range(_MOST_QUOTED):
        before = text
        text = unquote(text) if "%" in text else text
        if text == before:
            break
    return text


def _mask_identifiers(text: str) -> str:
    out, reached = [], 0
    for found in find_identifiers(text):
        out += [text[reached : found.start], f"[{found.purpose}]"]
        reached = found.end
    return "".join([*out, text[reached:]])
