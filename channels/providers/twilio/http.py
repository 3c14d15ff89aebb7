"""Twilio's library over kept-alive connections, at whichever roots the settings name."""

from __future__ import annotations

import logging
from typing import Any

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

_TWILIO = "https://api.twilio.com"
_CONTENT = "https://content.twilio.com"


class RootedHttpClient(TwilioHttpClient):
    """Sends the library's calls to other roots than Twilio's own, for a region or a sandbox."""

    def __init__(
        self, root: str, content_root: str = _CONTENT, timeout_seconds: float = 10.0
    ) -> None:
        # Of each call it would log ten lines, with the number that it asks about among them.
        quiet = logging.getLogger("twilio.quiet")
        quiet.setLevel(logging.WARNING)
        super().__init__(pool_connections=True, timeout=timeout_seconds, logger=quiet)
        self._roots = {_TWILIO: root.rstrip("/"), _CONTENT: content_root.rstrip("/")}

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:
        """Make the call at our root."""
        for theirs, ours in self._roots.items():
            if url.startswith(theirs):
                url = ours + url.removeprefix(theirs)
                break
        return super().request(method, url, *args, **options)
