"""Signatures of messages: Ed25519 over a digest of header and message, as docs/openapi/spdci.yaml
writes it down.

The standard leaves open what exactly is signed; this is the practice of its implementations. A
receiver must not change how a number was written, so numbers keep the sender's letters here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from actions.registry.settings import RegistrySettings, SignatureSettings
from core.errors import SettingsFaulty

ALGORITHM: Final = "ed25519"
_FIELD: Final = re.compile(r'(\w+)="([^"]*)"')
_SIGNED: Final = "(created) (expires) digest"
_LONGEST_LIFE_SECONDS: Final = 86_400


class SignatureWrong(Exception):
    """A message is not proven to be whole and from its sender; `code` is the standard's."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Signer(Protocol):
    """What puts a signature into a message before it is sent."""

    def sign(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The message as it goes out."""


class Unsigned:
    """Signing is off."""

    def sign(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The message as it is."""
        return dict(message)


class Ed25519Signer:
    """Signs with one key; a signature holds for `life` seconds."""

    def __init__(
        self, key: bytes, key_id: str, life: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(key)
        self._key_id = key_id
        self._life = life
        self._clock = clock

    def sign(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The message with its signature."""
        created = int(self._clock())
        expires = created + self._life
        whole = {"header": message["header"], "message": message["message"]}
        signed = self._key.sign(_lines(created, expires, digest(json.dumps(whole))))
        name = f"{message['header']['sender_id']}|{self._key_id}|{ALGORITHM}"
        told = {
            "namespace": "dci",
            "kidId": name,
            "algorithm": ALGORITHM,
            "created": created,
            "expires": expires,
            "headers": _SIGNED,
            "signature": base64.b64encode(signed).decode(),
        }
        return {"signature": ", ".join(f'{k}="{v}"' for k, v in told.items()), **message}


class Verifier:
    """Checks that a message is whole, from the registry, and not too old."""

    def __init__(
        self,
        sender: str,
        keys: Mapping[str, bytes],
        skew_seconds: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sender = sender
        self._keys = {name: Ed25519PublicKey.from_public_bytes(key) for name, key in keys.items()}
        self._skew = skew_seconds
        self._clock = clock

    def check(self, body: bytes) -> None:
        """Raises SignatureWrong, and ValueError where it is no message at all."""
        message = json.loads(body)
        told = message.get("signature") if isinstance(message, dict) else None
        if not isinstance(told, str) or not told.strip():
            raise SignatureWrong("err.signature.missing")
        fields = dict(_FIELD.findall(told))
        try:
            created, expires = int(fields["created"]), int(fields["expires"])
            sender, key_id, algorithm = fields["kidId"].split("|")
            signature = base64.b64decode(fields["signature"], validate=True)
        except (KeyError, ValueError, binascii.Error):
            raise SignatureWrong("err.signature.invalid") from None
        key = self._keys.get(key_id)
        is_ours = sender == self._sender == _sender_of(message)
        is_known = algorithm == fields.get("algorithm") == ALGORITHM
        if key is None or not (is_ours and is_known) or fields.get("headers") != _SIGNED:
            raise SignatureWrong("err.signature.invalid")
        now = self._clock()
        is_in_time = created - self._skew <= now <= expires + self._skew
        if not is_in_time or expires - created > _LONGEST_LIFE_SECONDS:
            raise SignatureWrong("err.signature.invalid")
        try:
            key.verify(signature, _lines(created, expires, digest(body)))
        except InvalidSignature:
            raise SignatureWrong("err.signature.invalid") from None


def digest(body: str | bytes) -> str:
    """The digest of the header and message of a body, in base64."""
    # Between the marks stands a number as it was written; no text can hold the mark.
    mark = f"\x00{secrets.token_hex(16)}:"
    read = json.loads(
        body,
        parse_float=lambda number: f"{mark}{number}",
        parse_int=lambda number: f"{mark}{number}",
    )
    whole = {"header": read.get("header"), "message": read.get("message")}
    written = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    in_json = re.escape(json.dumps(mark)[1:-1])
    plain = re.sub(rf'"{in_json}([^"]*)"', r"\1", written)
    return base64.b64encode(hashlib.sha256(plain.encode()).digest()).decode()


def choose_signer(settings: RegistrySettings) -> Signer:
    """The signer that the settings ask for. Raises SettingsFaulty where its key is none."""
    if settings.registry_signing == "off":
        return Unsigned()
    key = _read_key(settings.registry_signing_key.get_secret_value(), "REGISTRY_SIGNING_KEY")
    life = settings.registry_signature_seconds
    return Ed25519Signer(key, settings.registry_signing_key_id, life)


def choose_verifier(settings: SignatureSettings, mode: str) -> Verifier | None:
    """The verifier for a mode (unsigned or ed25519); None for unsigned. Raises SettingsFaulty."""
    if mode == "unsigned":
        return None
    keys = {}
    for pair in filter(None, settings.registry_public_keys.split(",")):
        name, _, key = pair.strip().partition(":")
        keys[name] = _read_key(key, "REGISTRY_PUBLIC_KEYS")
    if not keys:
        raise SettingsFaulty(["TWIZA_REGISTRY_PUBLIC_KEYS: signatures are checked with these"])
    sender, skew = settings.registry_receiver_id, settings.registry_signature_skew_seconds
    return Verifier(sender, keys, skew)


def _sender_of(message: Any) -> Any:
    header = message.get("header")
    return header.get("sender_id") if isinstance(header, dict) else None


def _lines(created: int, expires: int, told: str) -> bytes:
    return f"(created): {created}\n(expires): {expires}\ndigest: {told}".encode()


def _read_key(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != 32:
        raise SettingsFaulty([f"TWIZA_{name}: not base64 of 32 bytes"])
    return key
