"""Files of citizens at Twilio: fetched from Twilio alone, and deleted there.

An address in a webhook is read, and never followed as it is: what counts in it are the names of
account, message and file, which are asked for at the root that the settings name. Where that sends
us on, it is to a host of the settings or nowhere.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from channels.providers.twilio.settings import TwilioSettings
from core.errors import MediaRefused, ProviderUnavailable
from core.messages import Media

_TWILIO: Final = "https://api.twilio.com"
_PATH: Final = re.compile(
    r"/2010-04-01/Accounts/(AC[0-9a-zA-Z]{1,40})/Messages/[SM]M[0-9a-zA-Z]{1,40}/Media/ME\w{1,40}",
    re.ASCII,
)
_TIMEOUT: Final = (3.0, 10.0)
_WHOLE_SECONDS: Final = 60.0
_PIECE: Final = 64 * 1024
_OK: Final = 200
_GONE: Final = frozenset({400, 404, 410})


class TwilioMedia:
    """The files that came with the messages of one account."""

    def __init__(self, settings: TwilioSettings) -> None:
        self._root = settings.api_url.rstrip("/")
        self._account = settings.account_sid
        self._auth = (settings.account_sid, settings.auth_token.get_secret_value())
        self._hosts = {host.strip() for host in settings.media_hosts.split(",") if host.strip()}
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.mount("https://", HTTPAdapter(pool_maxsize=4))

    def fetch(self, media: Media, most: int) -> bytes:
        """The file, of at most so many bytes. Raises ProviderUnavailable or MediaRefused."""
        url = self._address(media)
        # Twilio answers where the file lies, once; our token stays with Twilio.
        for auth in (self._auth, None):
            with self._asked(url, auth) as answer:
                if not answer.is_redirect:
                    return _read(answer, most)
                url = urljoin(url, answer.headers.get("Location", ""))
            if not self._is_allowed(url):
                break
        raise MediaRefused("elsewhere")

    def discard(self, media: Media) -> None:
        """Delete the file at Twilio; one that is gone is no error. Raises ProviderUnavailable."""
        url = f"{self._address(media)}.json"
        try:
            answer = self._http.delete(
                url, auth=self._auth, timeout=_TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as fault:
            raise ProviderUnavailable(type(fault).__name__) from None
        if not answer.ok and answer.status_code not in _GONE:
            raise ProviderUnavailable(str(answer.status_code))

    def _address(self, media: Media) -> str:
        """Where the file is at our root. Raises MediaRefused for an address that is none of it."""
        origin, parts = _origin(media.url)
        named = _PATH.fullmatch(parts.path)
        roots = {_origin(self._root)[0], _origin(_TWILIO)[0]}
        if named is None or named.group(1) != self._account or origin not in roots:
            raise MediaRefused("elsewhere")
        return self._root + parts.path

    def _is_allowed(self, url: str) -> bool:
        """Whether Twilio may send us on to there."""
        origin, parts = _origin(url)
        is_host = parts.hostname in self._hosts and not parts.username
        is_secure = origin[::2] == ("https", 443)
        return (is_host and is_secure) or origin == _origin(self._root)[0]

    @contextmanager
    def _asked(self, url: str, auth: tuple[str, str] | None) -> Iterator[requests.Response]:
        try:
            with self._http.get(
                url, auth=auth, timeout=_TIMEOUT, stream=True, allow_redirects=False
            ) as answer:
                yield answer
        except requests.RequestException as fault:
            raise ProviderUnavailable(type(fault).__name__) from None


def _read(answer: requests.Response, most: int) -> bytes:
    """The body, cut off as soon as it is too long or too slow."""
    if answer.status_code in _GONE:
        raise MediaRefused("gone")
    if answer.status_code != _OK:
        raise ProviderUnavailable(str(answer.status_code))
    length = answer.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > most:
        raise MediaRefused("too_large")
    content, begun = bytearray(), time.monotonic()
    for piece in answer.iter_content(_PIECE):
        content += piece
        if len(content) > most:
            raise MediaRefused("too_large")
        if time.monotonic() - begun > _WHOLE_SECONDS:
            raise ProviderUnavailable("slow")
    return bytes(content)


def _origin(url: str) -> tuple[tuple[str, str | None, int | None], SplitResult]:
    """Scheme, host and port of an address, and its parts. Raises MediaRefused for none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        raise MediaRefused("elsewhere") from None
    return (parts.scheme, parts.hostname, port), parts
