"""Signatures over header and message: Ed25519, in the form that the standard writes down.

What exactly is signed it leaves open; this is the practice of its implementations: a digest of the
JSON with sorted keys and no spaces, and the two times. A message without a signature, or with a
word that says there is none, is taken unless signatures are required. One that is there must hold,
or where no key of the client is known, be one at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import SettingsFaulty
from sandbox.registry.envelope import MessageRefused
from sandbox.registry.settings import SandboxRegistrySettings

KEY_ID: Final = "registry-1"
_UNSIGNED: Final = ("", "unsigned", "unsigned-stub")
_FIELD: Final = re.compile(r'(\w+)="([^"]*)"')
_HEADERS: Final = "(created) (expires) digest"
_LIFE_SECONDS: Final = 300
_SKEW_SECONDS: Final = 60


class Signatures:
    """Signs what the registry says where that is asked for, and checks what it is told."""

    def __init__(self, settings: SandboxRegistrySettings) -> None:
        self.key = _own_key(settings)
        self._is_required = settings.signatures == "required"
        self._theirs = {
            name: Ed25519PublicKey.from_public_bytes(key)
            for name, key in _public_keys(settings.client_public_keys)
        }

    def sign(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The message as it goes out."""
        if not self._is_required:
            return dict(message)
        created = int(time.time())
        expires = created + _LIFE_SECONDS
        signed = self.key.sign(_lines(created, expires, message))
        fields = {
            "namespace": "dci",
            "kidId": f"{message['header'].get('sender_id')}|{KEY_ID}|ed25519",
            "algorithm": "ed25519",
            "created": created,
            "expires": expires,
            "headers": _HEADERS,
            "signature": base64.b64encode(signed).decode(),
        }
        told = ", ".join(f'{name}="{value}"' for name, value in fields.items())
        return {"signature": told, **message}

    def check(self, message: Mapping[str, Any]) -> None:
        """Raises MessageRefused where a signature is missing or does not hold."""
        told = message.get("signature", "")
        if told in _UNSIGNED:
            if self._is_required:
                raise MessageRefused("err.signature.missing")
            return
        fields = dict(_FIELD.findall(told)) if isinstance(told, str) else {}
        if not self._holds(fields, message):
            raise MessageRefused("err.signature.invalid")

    def jwks(self) -> dict[str, Any]:
        """The public keys, as RFC 7517 has them."""
        public = self.key.public_key().public_bytes_raw()
        x = base64.urlsafe_b64encode(public).rstrip(b"=").decode()
        known = {"kty": "OKP", "crv": "Ed25519", "kid": KEY_ID, "use": "sig", "alg": "EdDSA"}
        return {"keys": [{**known, "x": x}]}

    def _holds(self, fields: Mapping[str, str], message: Mapping[str, Any]) -> bool:
        try:
            sender, key_id, algorithm = fields["kidId"].split("|")
            created, expires = int(fields["created"]), int(fields["expires"])
            signature = base64.b64decode(fields["signature"], validate=True)
        except (KeyError, ValueError):
            return False
        header = message.get("header")
        is_theirs = isinstance(header, dict) and sender == header.get("sender_id")
        is_in_time = created - _SKEW_SECONDS <= time.time() <= expires + _SKEW_SECONDS
        if not self._theirs and not self._is_required:
            return True
        key = self._theirs.get(key_id)
        if key is None or not is_theirs or not is_in_time or algorithm != "ed25519":
            return False
        try:
            key.verify(signature, _lines(created, expires, message))
        except InvalidSignature:
            return False
        return True


def _lines(created: int, expires: int, message: Mapping[str, Any]) -> bytes:
    whole = {"header": message.get("header"), "message": message.get("message")}
    written = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    digest = base64.b64encode(hashlib.sha256(written.encode()).digest()).decode()
    return f"(created): {created}\n(expires): {expires}\ndigest: {digest}".encode()


def _own_key(settings: SandboxRegistrySettings) -> Ed25519PrivateKey:
    """The key of the settings; where there is none, one that the client's secret always gives."""
    given = settings.signing_key.get_secret_value()
    if given:
        return Ed25519PrivateKey.from_private_bytes(_read_key(given, "SANDBOX_SIGNING_KEY"))
    secret = settings.registry_client_secret.get_secret_value().encode()
    return Ed25519PrivateKey.from_private_bytes(
        HKDF(SHA256(), 32, None, b"sandbox registry signing key").derive(secret)
    )


def _public_keys(text: str) -> list[tuple[str, bytes]]:
    pairs = (pair.strip().partition(":") for pair in text.split(",") if pair.strip())
    return [(name, _read_key(key, "SANDBOX_CLIENT_PUBLIC_KEYS")) for name, _, key in pairs]


def _read_key(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SettingsFaulty([f"{name}: base64 of 32 bytes is needed"])
    return key
