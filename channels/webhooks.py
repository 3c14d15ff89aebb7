"""The addresses providers call: verify, read, hand over, answer.

They stand before Flask, as that of the actions does: Flask takes as long to hand on a call and its
answer as the call takes to be read (docs/decisions/0007). Here an error becomes an HTTP status.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from http.client import responses
from typing import TYPE_CHECKING, Final

from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request

from channels.calls import Calls
from channels.conversation import Conversations
from channels.front import Front
from channels.port import Provider, WebhookAnswer, WebhookCall
from channels.waited import waited
from core.errors import MalformedPayload, ServiceError, UnknownChannel, WebhookRefused
from core.logs import log
from core.messages import ChannelKind, SessionEvent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG = log(__name__)
# Some gateways put the session, or what happened to it, behind the channel's own address.
_ADDRESS: Final = re.compile(r"/channels/([^/]+)/(?:messages(?:/([^/].*))?|(reports))")
_METHODS: Final = ("POST", "GET")
# Statuses of answers without a body (RFC 9110, sections 15.3.5 and 15.4.5).
_EMPTY: Final = frozenset({204, 304})
_OF_THE_BODY: Final = frozenset({"content-type", "content-length"})
_NOTHING: Final = WebhookAnswer("", "", 204)


class _Call(Request):
    max_content_length = 256 * 1024


class Webhooks:
    """The addresses of all channels; `others` answers every other call."""

    def __init__(
        self,
        others: WSGIApplication,
        channels: Mapping[str, Provider],
        conversations: Conversations,
        calls: Calls,
        front: Front,
        public_url: str,
    ) -> None:
        self._others = others
        self._channels = channels
        self._conversations = conversations
        self._calls = calls
        self._front = front
        self._public_url = public_url.rstrip("/")

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """A call as WSGI brings it."""
        found, method = _ADDRESS.fullmatch(environ["PATH_INFO"]), environ["REQUEST_METHOD"]
        if found is None or method not in _METHODS or (found[3] and method != "POST"):
            return self._others(environ, start)
        answer = self._answered(environ, *found.groups(default=""))
        body = b"" if answer.status in _EMPTY else answer.body.encode()
        own = answer.headers.items()
        headers = [header for header in own if header[0].lower() not in _OF_THE_BODY]
        if answer.status not in _EMPTY:
            headers.append(("Content-Type", answer.content_type))
            headers.append(("Content-Length", str(len(body))))
        start(f"{answer.status} {responses.get(answer.status, 'Answer')}", headers)
        return [body]

    def refused(self, fault: WebhookRefused) -> WebhookAnswer:
        """The answer to a call that is no turn."""
        _LOG.warning("webhook_refused", fault=type(fault).__name__)
        return _plain(str(fault), fault.http_status)

    def _answered(
        self, environ: WSGIEnvironment, name: str, tail: str, reports: str
    ) -> WebhookAnswer:
        came = time.monotonic() - waited(environ)
        try:
            provider = self._find(name)
            call = self._call(_Call(environ, populate_request=False), tail)
            provider.verify(call)
            answer = self._report if reports else self._hop
            return answer(name, provider, call, came)
        except WebhookRefused as fault:
            return self.refused(fault)
        except ServiceError as fault:
            _LOG.error("webhook_failed", fault=type(fault).__name__)
            return _plain("try again later", fault.http_status)
        except RequestEntityTooLarge:
            return _plain("the call is too large", 413)
        except HTTPException as fault:
            return _plain("the call cannot be read", fault.code or 400)
        except Exception:  # noqa: BLE001  gunicorn would log the address, where secrets may stand
            _LOG.exception("webhook_failed")
            return _plain("try again later", 500)

    def _hop(self, name: str, provider: Provider, call: WebhookCall, came: float) -> WebhookAnswer:
        """Answer a verified call that brings a message and `came` at that moment."""
        calls, front = self._calls, self._front
        inbound = calls.complete(name, provider.capabilities, provider.read(call))
        if inbound is None:
            return provider.answer(call, (), False)
        inbound = front.redeliveries.settle(name, inbound)
        began = time.perf_counter()
        let_in = partial(front.gate.let_in, name, inbound)
        said = self._conversations.hop(name, provider, inbound, let_in, came)
        answer = front.carrying.answer(name, provider, call, inbound, said)
        if not said.is_open:
            calls.over(name, provider.capabilities, inbound)
        elapsed = round((time.perf_counter() - began) * 1000, 1)
        _LOG.info("turn", channel=name, milliseconds=elapsed, is_open=said.is_open)
        return answer

    def _report(
        self, name: str, provider: Provider, call: WebhookCall, came: float
    ) -> WebhookAnswer:
        """Take a verified call that tells what became of a message, or of a session."""
        if provider.kind is not ChannelKind.USSD:
            self._front.reports.take(name, provider, call)
        elif _ends_a_session(provider, call):
            self._hop(name, provider, call, came)
        return _NOTHING

    def _find(self, name: str) -> Provider:
        if name not in self._channels:
            raise UnknownChannel(f"no channel is called {name[:40]!r}")
        return self._channels[name]

    def _call(self, given: Request, tail: str) -> WebhookCall:
        query = given.query_string.decode("latin-1")
        url = self._public_url + given.path + (f"?{query}" if query else "")
        # The body is kept before the form is parsed, because parsing consumes it.
        body = given.get_data()
        headers = _Headers(given.headers)
        peer = given.remote_addr or ""
        tail = tail.encode("latin-1").decode(errors="replace")
        return WebhookCall(url, given.args, given.form, headers, body, given.method, tail, peer)


def _plain(text: str, status: int) -> WebhookAnswer:
    return WebhookAnswer(text, status=status)


def _ends_a_session(provider: Provider, call: WebhookCall) -> bool:
    """Whether a gateway's report says that a session is over; whatever else it tells is no news."""
    try:
        return provider.read(call).session_event is SessionEvent.ABORT
    except (MalformedPayload, UnknownChannel):
        return False


class _Headers(Mapping[str, str]):
    """The headers of a call, taken apart once somebody asks for one."""

    def __init__(self, given: Headers) -> None:
        self._given = given

    @cached_property
    def _all(self) -> dict[str, str]:
        return dict(self._given)

    def __getitem__(self, name: str) -> str:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
