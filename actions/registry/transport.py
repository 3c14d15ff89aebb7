"""HTTP calls to the registry, within their time, in our errors.

Identifiers travel in bodies, never in addresses, and no error raised here carries what was sent or
received. What is repeated, how many calls run at once and when none is made at all is the guard's
(actions/registry/guard.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import certifi
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout, connection_from_url
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)
from urllib3.util import parse_url

from actions.registry.calls import Answer, Call, Deadline, Exchange, Witness, nobody
from actions.registry.guard import Guard, NeverSent
from actions.registry.settings import RegistrySettings
from actions.registry.tokens import Tokens
from core.errors import (
    RegistryAnswerUnreadable,
    RegistryRefused,
    RegistryTimeout,
    RegistryUnavailable,
)
from core.registry_health import RegistryHealth
from core.tracing import HEADER, span, traceparent

T = TypeVar("T")
_LARGEST_ANSWER: Final = 1_000_000
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_AT_ONCE: Final = 32
_ENCODINGS: Final = {"Accept-Encoding": "gzip, deflate"}


class Transport:
    """Pooled, authenticated calls; one is shared by all threads of a process.

    Every exchange, tokens included, is shown to `witness`.
    """

    def __init__(
        self,
        settings: RegistrySettings,
        witness: Witness = nobody,
        health: RegistryHealth | None = None,
    ) -> None:
        self._settings = settings
        self._witness = witness
        self._root = (parse_url(settings.registry_url).path or "").rstrip("/")
        self._guard = Guard(settings, health)
        self._tokens = Tokens(settings, self._ask_token)
        self._pool = _open_pool(settings)

    def call(self, call: Call, read: Callable[[Answer], T]) -> T:
        """Make a call and return what `read` makes of its answer.

        Any refusal whose reason is not one of the call's has the reason `http.<status>`. Raises
        RegistryUnavailable, RegistryTimeout, RegistryRefused or RegistryAnswerUnreadable, within
        `registry_call_seconds` or the call's own time.
        """
        deadline = Deadline(call.seconds or self._settings.registry_call_seconds)
        with span("registry.ask", "client", operation=call.operation):
            return self._guard.run(call, deadline, lambda: read(self._attempt(call, deadline)))

    def _attempt(self, call: Call, deadline: Deadline) -> Answer:
        body = b"" if call.write is None else json.dumps(call.write()).encode()
        method = "GET" if call.write is None else "POST"
        refused = ""
        for _ in range(2):
            token = self._tokens.bearer(deadline, refused)
            headers = {"Authorization": f"Bearer {token}", "Content-Type": _JSON}
            headers |= dict(call.headers)
            status, answer = self._exchange(
                method, call.path, body, headers, deadline, call.seconds
            )
            if status != 401:
                return _read(status, answer, call.reasons)
            refused = token
        raise RegistryRefused("http.401")

    def _ask_token(self, form: bytes, deadline: Deadline) -> Any:
        headers = {"Content-Type": _FORM}
        path = self._settings.registry_token_path
        return _read(*self._exchange("POST", path, form, headers, deadline)).json()

    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        deadline: Deadline,
        silent: float | None = None,
    ) -> tuple[int, bytes]:
        """Send once; the status and the whole body. It may be `silent` so many seconds."""
        connect = deadline.left(self._settings.registry_connect_seconds)
        read = deadline.left(silent or self._settings.registry_timeout_seconds)
        own = traceparent()
        try:
            with self._pool.urlopen(
                method,
                self._root + path,
                body or None,
                {**_ENCODINGS, **headers, **({HEADER: own} if own else {})},
                redirect=False,
                timeout=Timeout(connect=connect, read=read),
                preload_content=False,
            ) as response:
                status, received = response.status, _read_body(response, deadline)
                media = response.headers.get("Content-Type", "").partition(";")[0]
        except (NewConnectionError, ConnectTimeoutError):
            # No connection came about, so that the registry cannot have seen the call.
            raise NeverSent from None
        except (ReadTimeoutError, TimeoutError):
            raise RegistryTimeout("no answer in time") from None
        except (HTTPError, OSError):
            raise RegistryUnavailable("the connection failed") from None
        self._witness(Exchange(method, path, headers, body, status, media, received))
        return status, received


def _open_pool(settings: RegistrySettings) -> HTTPConnectionPool:
    """Connections that no proxy, cookie or .netrc of the machine has a say in, and none repeats."""
    trusted = {}
    if parse_url(settings.registry_url).scheme == "https":
        trusted = {
            "cert_reqs": "CERT_REQUIRED",
            "ca_certs": settings.registry_ca_file or certifi.where(),
        }
    return connection_from_url(settings.registry_url, maxsize=_AT_ONCE, retries=False, **trusted)


def _read_body(response: BaseHTTPResponse, deadline: Deadline) -> bytes:
    """The body, piece by piece as it arrives: an answer that trickles must not outlive its time."""
    parts, length = [], 0
    while part := response.read1(65_536, decode_content=True):
        parts.append(part)
        length += len(part)
        if length > _LARGEST_ANSWER:
            raise RegistryAnswerUnreadable("the answer is too long")
        left = deadline.left(60.0)
        connection = getattr(response, "connection", None)
        if connection is not None and connection.sock is not None:
            connection.sock.settimeout(left)
    return b"".join(parts)


def _read(status: int, answer: bytes, reasons: frozenset[str] = frozenset()) -> Answer:
    if status == 429 or status >= 500:
        raise RegistryUnavailable(f"http.{status}")
    if status >= 400:
        raise RegistryRefused(_reason(answer, reasons) or f"http.{status}")
    if status != 200:
        raise RegistryAnswerUnreadable(f"http.{status}")
    return Answer(answer)


def _reason(answer: bytes, reasons: frozenset[str]) -> str:
    """The code a refusal gives, if it is one that is known: any other might quote a person."""
    try:
        problem = json.loads(answer) if reasons else None
    except (ValueError, RecursionError):
        return ""
    code = problem.get("code") if isinstance(problem, dict) else None
    return code if isinstance(code, str) and code in reasons else ""
