"""HTTP calls to the registry, within their time, in our errors.

Identifiers travel in bodies, never in addresses, and no error raised here carries what was sent or
received. What is repeated, how many calls run at once and when none is made at all is the guard's
(actions/registry/guard.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
)

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
        self._root = settings.registry_url.rstrip("/")
        self._guard = Guard(settings, health)
        self._tokens = Tokens(settings, self._ask_token)
        self._session = requests.Session()
        # A proxy or .netrc of the machine must not decide where a person's data goes.
        self._session.trust_env = False
        # Nor must one citizen's call carry a cookie that another's brought.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._session.verify = settings.registry_ca_file or True
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=2, pool_maxsize=32))

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
        try:
            with self._session.request(
                method,
                self._root + path,
                data=body or None,
                headers=dict(headers) | ({HEADER: own} if (own := traceparent()) else {}),
                timeout=(connect, read),
                allow_redirects=False,
                stream=True,
            ) as response:
                status, received = response.status_code, _read_body(response, deadline)
                media = response.headers.get("Content-Type", "").partition(";")[0]
        except requests.ConnectTimeout:
            raise NeverSent from None
        except (requests.Timeout, ReadTimeoutError, TimeoutError):
            raise RegistryTimeout("no answer in time") from None
        except requests.ConnectionError as failed:
            if _was_never_sent(failed):
                raise NeverSent from None
            raise RegistryUnavailable("the connection failed") from None
        except (requests.RequestException, HTTPError, OSError):
            raise RegistryUnavailable("the connection failed") from None
        self._witness(Exchange(method, path, headers, body, status, media, received))
        return status, received


def _read_body(response: requests.Response, deadline: Deadline) -> bytes:
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


def _was_never_sent(error: requests.ConnectionError) -> bool:
    """True where no connection came about, so that the registry cannot have seen the call."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    return isinstance(cause, (NewConnectionError, ConnectTimeoutError))


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
