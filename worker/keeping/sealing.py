"""Files sealed for a passphrase or for a recipient, read and written as streams.

A file has a key of its own, wrapped by HPKE (RFC 9180) for the holder of a private key, or under
what Argon2id makes of a passphrase. Its body is cut into pieces, each sealed with AES-256-GCM under
its number and whether it is the last: a piece that is changed, moved or missing is noticed.
"""

from __future__ import annotations

import base64
import json
import os
from typing import IO, Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from core.errors import SettingsFaulty, TokenRefused

_MAGIC: Final = b"twiza-sealed 1\n"
_PIECE: Final = 1 << 20
_TAG: Final = 16
_HEAD_AT_MOST: Final = 4096
_INFO: Final = b"twiza backup"
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
# The first of RFC 9106's two recommendations takes 2 GiB; this is the second.
_PASSES: Final = 3
_LANES: Final = 4
_KIBIBYTES: Final = 64 * 1024
SHORTEST_PASSPHRASE: Final = 16


class Lock(Protocol):
    """Who can open a file: wraps its key, and where the secret is known, unwraps it."""

    def wrap(self, key: bytes) -> dict[str, str]:
        """The wrapped key as it stands at the head of the file."""

    def unwrap(self, head: dict[str, Any]) -> bytes:
        """The key. Raises TokenRefused where it is for somebody else."""


class Passphrase:
    """Whoever knows some words. Raises SettingsFaulty where they are too short to hold."""

    def __init__(self, words: str) -> None:
        if len(words) < SHORTEST_PASSPHRASE:
            raise SettingsFaulty([f"passphrase: {SHORTEST_PASSPHRASE} characters at least"])
        self._words = words.encode()

    def wrap(self, key: bytes) -> dict[str, str]:
        """The key under what the words make with a salt."""
        salt, nonce = os.urandom(16), os.urandom(12)
        wrapped = nonce + self._cipher(salt).encrypt(nonce, key, _INFO)
        return {"for": "passphrase", "salt": _text(salt), "key": _text(wrapped)}

    def unwrap(self, head: dict[str, Any]) -> bytes:
        """The key. Raises TokenRefused for other words."""
        if head.get("for") != "passphrase":
            raise TokenRefused("this file is not sealed with a passphrase")
        wrapped = _bytes(head["key"])
        try:
            return self._cipher(_bytes(head["salt"])).decrypt(wrapped[:12], wrapped[12:], _INFO)
        except (InvalidTag, ValueError):
            raise TokenRefused("another passphrase is needed") from None

    def _cipher(self, salt: bytes) -> AESGCM:
        made = Argon2id(
            salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_KIBIBYTES
        )
        return AESGCM(made.derive(self._words))


class Recipient:
    """The holder of a private key, of whom the public key is enough to seal."""

    def __init__(self, public: str) -> None:
        try:
            self._key = X25519PublicKey.from_public_bytes(_bytes(public))
        except ValueError:
            raise SettingsFaulty(["recipient: a public key of bin/backup identity"]) from None

    def wrap(self, key: bytes) -> dict[str, str]:
        """The key, readable with the private key alone."""
        return {"for": "recipient", "key": _text(_SUITE.encrypt(key, self._key, info=_INFO))}

    def unwrap(self, head: dict[str, Any]) -> bytes:
        """Raises TokenRefused: a public key opens nothing."""
        raise TokenRefused("a private key is needed to open this")


class Identity:
    """A private key."""

    def __init__(self, private: str) -> None:
        try:
            self._key = X25519PrivateKey.from_private_bytes(_bytes(private.strip()))
        except ValueError:
            raise SettingsFaulty(["identity: a private key of bin/backup identity"]) from None

    @classmethod
    def new(cls) -> str:
        """A private key that nobody else has, as text."""
        return _text(X25519PrivateKey.generate().private_bytes_raw())

    @property
    def recipient(self) -> str:
        """Its public key, as text."""
        return _text(self._key.public_key().public_bytes_raw())

    def wrap(self, key: bytes) -> dict[str, str]:
        """The key, for oneself."""
        return Recipient(self.recipient).wrap(key)

    def unwrap(self, head: dict[str, Any]) -> bytes:
        """The key. Raises TokenRefused where it was sealed for somebody else."""
        if head.get("for") != "recipient":
            raise TokenRefused("this file is sealed with a passphrase")
        try:
            return _SUITE.decrypt(_bytes(head["key"]), self._key, info=_INFO)
        except (InvalidTag, ValueError):
            raise TokenRefused("this file is sealed for somebody else") from None


def is_sealed(start: bytes) -> bool:
    """Whether a file that begins so was sealed here."""
    return start.startswith(_MAGIC)


def seal_file(source: IO[bytes], target: IO[bytes], lock: Lock) -> None:
    """Seal all of a stream."""
    key = os.urandom(32)
    head = _MAGIC + json.dumps(lock.wrap(key)).encode() + b"\n"
    target.write(head)
    cipher, number, piece = AESGCM(key), 0, _read(source, _PIECE)
    while True:
        following = _read(source, _PIECE)
        target.write(cipher.encrypt(_nonce(number, not following), piece, head))
        if not following:
            return
        number, piece = number + 1, following


def open_file(source: IO[bytes], target: IO[bytes], lock: Lock) -> None:
    """Open all of a sealed stream. Raises TokenRefused where it is damaged or for somebody else."""
    first, second = source.readline(len(_MAGIC)), source.readline(_HEAD_AT_MOST)
    head = first + second
    try:
        key = lock.unwrap(json.loads(second)) if first == _MAGIC else b""
        cipher = AESGCM(key)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TokenRefused("this file was not sealed here, or its head is damaged") from None
    number, piece = 0, _read(source, _PIECE + _TAG)
    while True:
        following = _read(source, _PIECE + _TAG)
        try:
            target.write(cipher.decrypt(_nonce(number, not following), piece, head))
        except (InvalidTag, ValueError):
            raise TokenRefused("this file is damaged or cut off") from None
        if not following:
            return
        number, piece = number + 1, following


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _read(source: IO[bytes], length: int) -> bytes:
    """So many bytes of a stream that may give fewer at a time; fewer at its end."""
    parts, left = [], length
    while left and (part := source.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
