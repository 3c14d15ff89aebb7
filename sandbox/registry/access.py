"""OAuth2 client credentials for the one client: signed tokens that any worker can check."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final

from itsdangerous import BadSignature, URLSafeTimedSerializer

from sandbox.registry.settings import SandboxRegistrySettings

TOKEN_LIFE_SECONDS: Final = 600


class Access:
    """Gives tokens and checks them."""

    def __init__(self, settings: SandboxRegistrySettings) -> None:
        self._client = settings.registry_client_id
        self._secret = settings.registry_client_secret.get_secret_value()
        self._signer = URLSafeTimedSerializer(self._secret, salt="registry access token")

    def token(self, form: Mapping[str, str]) -> str | None:
        """A token for a client that proves itself, or None."""
        known = _same(form.get("client_id", ""), self._client)
        proven = _same(form.get("client_secret", ""), self._secret)
        if form.get("grant_type") != "client_credentials" or not (known and proven):
            return None
        return self._signer.dumps(self._client)

    def is_granted(self, authorization: str) -> bool:
        """Whether an Authorization header carries a token that was given here and still lives."""
        scheme, _, token = authorization.partition(" ")
        try:
            client = self._signer.loads(token, max_age=TOKEN_LIFE_SECONDS)
        except BadSignature:
            return False
        return scheme.lower() == "bearer" and client == self._client


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
