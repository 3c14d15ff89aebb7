"""The bearer token of OAuth2's client credentials: asked for once, shown until it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from actions.registry.calls import Deadline
from actions.registry.settings import RegistrySettings
from core.errors import RegistryAnswerUnreadable, RegistryTimeout

_MARGIN_SECONDS: Final = 30.0
_UNSAID_LIFE_SECONDS: Final = 60


class Tokens:
    """The token of a process; `ask` posts a form to the path of the tokens and reads the answer."""

    def __init__(self, settings: RegistrySettings, ask: Callable[[bytes, Deadline], Any]) -> None:
        self._settings = settings
        self._ask = ask
        self._token = ""  # nosec B105
        self._end = 0.0
        self._lock = threading.Lock()

    def bearer(self, deadline: Deadline, refused: str = "") -> str:
        """A token that is not the one `refused` and is not about to end.

        While one thread asks, the others wait for what it gets.
        """
        if not self._lock.acquire(timeout=deadline.left(60.0)):
            raise RegistryTimeout("no token in time")
        try:
            if self._token in ("", refused) or time.monotonic() >= self._end:
                self._keep(self._ask(self._form(), deadline))
            return self._token
        finally:
            self._lock.release()

    def _form(self) -> bytes:
        settings = self._settings
        return urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": settings.registry_client_id,
                "client_secret": settings.registry_client_secret.get_secret_value(),
                "scope": settings.registry_token_scope,
            }
        ).encode()

    def _keep(self, answer: Any) -> None:
        try:
            token, life = answer["access_token"], answer.get("expires_in", _UNSAID_LIFE_SECONDS)
            seconds = float(life)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise RegistryAnswerUnreadable("the token answer cannot be read") from None
        if not isinstance(token, str) or not token.isascii() or not token:
            raise RegistryAnswerUnreadable("the token answer cannot be read")
        self._token = token
        self._end = time.monotonic() + max(seconds - _MARGIN_SECONDS, seconds / 2)
