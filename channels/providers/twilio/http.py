"""Twilio's library over kept-alive connections, at whichever root the settings name."""

from __future__ import annotations

from typing import Any

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

_TWILIO = "https://api.twilio.com"


class RootedHttpClient(TwilioHttpClient):
    """Sends the library's calls to another root than Twilio's own, for a region or a sandbox."""

    def __init__(self, root: str, timeout_seconds: float = 10.0) -> None:
        super().__init__(pool_connections=True, timeout=timeout_seconds)
        self._root = root.rstrip("/")

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:
        """Make the call at our root."""
        moved = self._root + url.removeprefix(_TWILIO) if url.startswith(_TWILIO) else url
        return super().request(method, moved, *args, **options)
