"""OAuth2 client credentials for the one client: tokens (JWT) that any process can check."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.registry.settings import SandboxRegistrySettings
from sandbox.registry.signatures import KEY_ID

SCOPES: Final = (
    *("registry.search", "registry.subscribe", "registry.notify"),
    *("disburse.search", "counter", "identity", "preregistration"),
)
_ISSUER: Final = "sandbox-registry"
_ALGORITHM: Final = "EdDSA"


class TokenRefused(Exception):
    """No token is given; `error` is the code of RFC 6749."""

    def __init__(self, error: str) -> None:
        self.error = error
        super().__init__(error)


class Access:
    """Gives tokens and checks them."""

    def __init__(self, settings: SandboxRegistrySettings, key: Ed25519PrivateKey) -> None:
        self._client = settings.registry_client_id
        self._secret = settings.registry_client_secret.get_secret_value()
        self.life_seconds = settings.token_life_seconds
        self._key, self._public = key, key.public_key()

    def token(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a client that proves itself. Raises TokenRefused.

        A client that names no scope gets all of its own.
        """
        if not form.get("grant_type"):
            raise TokenRefused("invalid_request")
        known = _same(form.get("client_id", ""), self._client)
        proven = _same(form.get("client_secret", ""), self._secret)
        if not (known and proven):
            raise TokenRefused("invalid_client")
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused("unsupported_grant_type")
        scopes = form.get("scope", "").split() or list(SCOPES)
        granted = [scope for scope in scopes if scope in SCOPES]
        if not granted:
            raise TokenRefused("invalid_scope")
        now = int(time.time())
        claims = {"iss": _ISSUER, "sub": self._client, "iat": now, "exp": now + self.life_seconds}
        token = jwt.encode(
            claims | {"scope": " ".join(granted)}, self._key, _ALGORITHM, {"kid": KEY_ID}
        )
        return {
            "access_token": token,
            "token_type": "Bearer",  # nosec B105
            "expires_in": self.life_seconds,
            "scope": " ".join(granted),
        }

    def scopes(self, authorization: str) -> frozenset[str] | None:
        """The scopes of an Authorization header; None without a token that was given and lives."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = jwt.decode(token, self._public, [_ALGORITHM], issuer=_ISSUER)
        except jwt.InvalidTokenError:
            return None
        return frozenset(str(claims.get("scope", "")).split())


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
