"""One HTTP call to the registry, within its time, in our errors.

A call that could not be begun is begun once more; nothing else is repeated, because the registry
may have acted on it. Identifiers travel in bodies, never in addresses, and no error raised here
carries what was sent or received.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

import requests
from requests.adapters import HTTPAdapter
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
)

from actions.registry.settings import RegistrySettings
from core.errors import (
    RegistryAnswerUnreadable,
    RegistryRefused,
    RegistryTimeout,
    RegistryUnavailable,
)

_LARGEST_ANSWER: Final = 1_000_000
_TOKEN_MARGIN_SECONDS: Final = 30.0
_BEYOND_ANSWER_SECONDS: Final = 1.0


class _Deadline:
    """The time a whole call may take, connections, token and repetition included."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float) -> float:
        left = min(at_most, self._end - time.monotonic())
        if left <= 0.01:
            raise RegistryTimeout("no time is left for the call")
        return left


class Transport:
    """Pooled, authenticated POST calls; one is shared by all threads of a process."""

    def __init__(self, settings: RegistrySettings) -> None:
        self._settings = settings
        self._root = settings.registry_url.rstrip("/")
        self._session = requests.Session()
        # A proxy or .netrc of the machine must not decide where a person's data goes.
        self._session.trust_env = False
        self._session.verify = settings.registry_ca_file or True
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=2, pool_maxsize=32))
        self._token = ""
        self._token_end = 0.0
        self._token_lock = threading.Lock()

    def post(
        self,
        path: str,
        message: dict[str, Any],
        headers: Mapping[str, str] | None = None,
        reasons: frozenset[str] = frozenset(),
    ) -> Any:
        """POST a message and return the JSON of the answer, its numbers as exact Decimals.

        `reasons` are codes that a refusal may give as `code` in its body; any other refusal has
        the reason `http.<status>`. Raises RegistryUnavailable, RegistryTimeout, RegistryRefused or
        RegistryAnswerUnreadable, within `registry_timeout_seconds` and one second.
        """
        deadline = _Deadline(self._settings.registry_timeout_seconds + _BEYOND_ANSWER_SECONDS)
        body = json.dumps(message).encode()
        refused = ""
        for _ in range(2):
            token = self._bearer(deadline, refused)
            ours = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            status, answer = self._exchange(path, body, ours | dict(headers or {}), deadline)
            if status != 401:
                return _read_json(status, answer, reasons)
            refused = token
        raise RegistryRefused("http.401")

    def _bearer(self, deadline: _Deadline, refused: str) -> str:
        """A token that has not been refused and is not about to end."""
        if not self._token_lock.acquire(timeout=deadline.left(60.0)):
            raise RegistryTimeout("no token in time")
        try:
            if self._token in ("", refused) or time.monotonic() >= self._token_end:
                form = urlencode(
                    {
                        "grant_type": "client_credentials",
                        "client_id": self._settings.registry_client_id,
                        "client_secret": self._settings.registry_client_secret.get_secret_value(),
                        "scope": self._settings.registry_token_scope,
                    }
                )
                headers = {"Content-Type": "application/x-www-form-urlencoded"}
                path = self._settings.registry_token_path
                answer = _read_json(*self._exchange(path, form.encode(), headers, deadline))
                self._keep(answer)
            return self._token
        finally:
            self._token_lock.release()

    def _keep(self, answer: Any) -> None:
        try:
            token, life = answer["access_token"], float(answer.get("expires_in", 60))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise RegistryAnswerUnreadable("the token answer cannot be read") from None
        if not isinstance(token, str) or not token.isascii() or not token:
            raise RegistryAnswerUnreadable("the token answer cannot be read")
        self._token = token
        self._token_end = time.monotonic() + max(life - _TOKEN_MARGIN_SECONDS, life / 2)

    def _exchange(
        self, path: str, body: bytes, headers: dict[str, str], deadline: _Deadline
    ) -> tuple[int, bytes]:
        """Send once, and once more if nothing could be sent; the status and the whole body."""
        again = Retrying(
            stop=stop_after_attempt(2),
            wait=wait_random(0.02, 0.1),
            retry=retry_if_exception(_was_never_sent),
            reraise=True,
        )
        try:
            return again(self._exchange_once, path, body, headers, deadline)
        except requests.ConnectTimeout:
            raise RegistryUnavailable("no connection came about") from None
        except (requests.Timeout, ReadTimeoutError, TimeoutError):
            raise RegistryTimeout("no answer in time") from None
        except (requests.RequestException, HTTPError, OSError):
            raise RegistryUnavailable("the connection failed") from None

    def _exchange_once(
        self, path: str, body: bytes, headers: dict[str, str], deadline: _Deadline
    ) -> tuple[int, bytes]:
        connect = deadline.left(self._settings.registry_connect_seconds)
        read = deadline.left(self._settings.registry_timeout_seconds)
        with self._session.post(
            self._root + path,
            data=body,
            headers=headers,
            timeout=(connect, read),
            allow_redirects=False,
            stream=True,
        ) as response:
            return response.status_code, _read_body(response, deadline)


def _read_body(response: requests.Response, deadline: _Deadline) -> bytes:
    """The body, piece by piece as it arrives: an answer that trickles must not outlive its time."""
    parts, length = [], 0
    while part := response.raw.read1(65_536, decode_content=True):
        parts.append(part)
        length += len(part)
        if length > _LARGEST_ANSWER:
            raise RegistryAnswerUnreadable("the answer is too long")
        left = deadline.left(60.0)
        connection = getattr(response.raw, "connection", None)
        if connection is not None and connection.sock is not None:
            connection.sock.settimeout(left)
    return b"".join(parts)


def _was_never_sent(error: BaseException) -> bool:
    """True where no connection came about, so that the registry cannot have seen the call."""
    if not isinstance(error, requests.ConnectionError) or not error.args:
        return False
    cause = error.args[0]
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    return isinstance(cause, (NewConnectionError, ConnectTimeoutError))


def _read_json(status: int, answer: bytes, reasons: frozenset[str] = frozenset()) -> Any:
    if status == 429 or status >= 500:
        raise RegistryUnavailable(f"http.{status}")
    if status >= 400:
        raise RegistryRefused(_reason(answer, reasons) or f"http.{status}")
    if status != 200:
        raise RegistryAnswerUnreadable(f"http.{status}")
    try:
        return json.loads(answer, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise RegistryAnswerUnreadable("the answer is not JSON") from None


def _reason(answer: bytes, reasons: frozenset[str]) -> str:
    """The code a refusal gives, if it is one that is known: any other might quote a person."""
    try:
        problem = json.loads(answer) if reasons else None
    except (ValueError, RecursionError):
        return ""
    code = problem.get("code") if isinstance(problem, dict) else None
    return code if isinstance(code, str) and code in reasons else ""
