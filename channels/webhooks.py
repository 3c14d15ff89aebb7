"""The addresses providers call: verify, read, hand over, answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from typing import cast

from flask import Blueprint, Request, Response, request
from werkzeug.datastructures import Headers
from werkzeug.local import LocalProxy

from channels.calls import Calls
from channels.conversation import Conversations
from channels.front import Front
from channels.port import Provider, WebhookAnswer, WebhookCall
from channels.waited import waited
from core.errors import MalformedPayload, UnknownChannel
from core.logs import log
from core.messages import ChannelKind, SessionEvent

_LOG = log(__name__)


def webhooks(
    channels: dict[str, Provider],
    conversations: Conversations,
    calls: Calls,
    front: Front,
    public_url: str,
) -> Blueprint:
    """The blueprint of all channels' webhooks."""
    blueprint = Blueprint("webhooks", __name__, url_prefix="/channels")

    def hop(name: str, provider: Provider, call: WebhookCall, came: float) -> WebhookAnswer:
        """Answer a verified call that brings a message and `came` at that moment."""
        inbound = calls.complete(name, provider.capabilities, provider.read(call))
        if inbound is None:
            return provider.answer(call, (), False)
        inbound = front.redeliveries.settle(name, inbound)
        began = time.perf_counter()
        let_in = partial(front.gate.let_in, name, inbound)
        said = conversations.hop(name, provider, inbound, let_in, came)
        answer = front.carrying.answer(name, provider, call, inbound, said)
        if not said.is_open:
            calls.over(name, provider.capabilities, inbound)
        elapsed = round((time.perf_counter() - began) * 1000, 1)
        _LOG.info("turn", channel=name, milliseconds=elapsed, is_open=said.is_open)
        return answer

    # Some gateways put the session, or what happened to it, behind the channel's own address.
    @blueprint.route("/<name>/messages", methods=["GET", "POST"])
    @blueprint.route("/<name>/messages/<path:tail>", methods=["GET", "POST"])
    def messages(name: str, tail: str = "") -> Response:
        came = time.monotonic() - waited(request.environ)
        provider = _find(channels, name)
        call = _call(public_url, tail)
        provider.verify(call)
        return _response(hop(name, provider, call, came))

    @blueprint.post("/<name>/reports")
    def reports(name: str) -> Response:
        came = time.monotonic() - waited(request.environ)
        provider, call = _find(channels, name), _call(public_url)
        provider.verify(call)
        if provider.kind is not ChannelKind.USSD:
            front.reports.take(name, provider, call)
        elif _ends_a_session(provider, call):
            hop(name, provider, call, came)
        return Response(status=204)

    return blueprint


def _find(channels: dict[str, Provider], name: str) -> Provider:
    if name not in channels:
        raise UnknownChannel(f"no channel is called {name[:40]!r}")
    return channels[name]


def _ends_a_session(provider: Provider, call: WebhookCall) -> bool:
    """Whether a gateway's report says that a session is over; whatever else it tells is no news."""
    try:
        return provider.read(call).session_event is SessionEvent.ABORT
    except (MalformedPayload, UnknownChannel):
        return False


def _call(public_url: str, tail: str = "") -> WebhookCall:
    # Flask's own looks itself up at each word.
    given = cast("LocalProxy[Request]", request)._get_current_object()
    query = given.query_string.decode("latin-1")
    url = public_url.rstrip("/") + given.path + (f"?{query}" if query else "")
    # The body is kept before the form is parsed, because parsing consumes it.
    body = given.get_data()
    headers = _Headers(given.headers)
    peer = given.remote_addr or ""
    return WebhookCall(url, given.args, given.form, headers, body, given.method, tail, peer)


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


def _response(answer: WebhookAnswer) -> Response:
    return Response(
        answer.body, answer.status, dict(answer.headers), content_type=answer.content_type
    )
