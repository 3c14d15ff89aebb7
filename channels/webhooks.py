"""The addresses providers call: verify, read, hand over, answer."""

from __future__ import annotations

import time

from flask import Blueprint, Response, request

from channels.calls import Calls
from channels.conversation import Conversations
from channels.deadline import Said
from channels.port import Provider, WebhookAnswer, WebhookCall
from core.errors import UnknownChannel
from core.logs import log

_LOG = log(__name__)


def webhooks(
    channels: dict[str, Provider], conversations: Conversations, calls: Calls, public_url: str
) -> Blueprint:
    """The blueprint of all channels' webhooks."""
    blueprint = Blueprint("webhooks", __name__, url_prefix="/channels")

    # Some gateways put the session, or what happened to it, behind the channel's own address.
    @blueprint.route("/<name>/messages", methods=["GET", "POST"])
    @blueprint.route("/<name>/messages/<path:tail>", methods=["GET", "POST"])
    def messages(name: str, tail: str = "") -> Response:
        began = time.perf_counter()
        provider = _find(channels, name)
        call = _call(public_url, tail)
        provider.verify(call)
        inbound = calls.complete(name, provider.capabilities, provider.read(call))
        said = conversations.hop(name, provider, inbound) if inbound else Said(is_open=False)
        answer = provider.answer(call, said.texts, said.is_open)
        if inbound and not said.is_open:
            calls.over(name, provider.capabilities, inbound)
        elapsed = round((time.perf_counter() - began) * 1000, 1)
        _LOG.info("turn", channel=name, milliseconds=elapsed, is_open=said.is_open)
        return _response(answer)

    @blueprint.post("/<name>/reports")
    def reports(name: str) -> Response:
        _find(channels, name).verify(_call(public_url))
        _LOG.info("report", channel=name, status=request.form.get("MessageStatus", ""))
        return Response(status=204)

    return blueprint


def _find(channels: dict[str, Provider], name: str) -> Provider:
    if name not in channels:
        raise UnknownChannel(f"no channel is called {name[:40]!r}")
    return channels[name]


def _call(public_url: str, tail: str = "") -> WebhookCall:
    query = request.query_string.decode("latin-1")
    url = public_url.rstrip("/") + request.path + (f"?{query}" if query else "")
    # The body is kept before the form is parsed, because parsing consumes it.
    body = request.get_data()
    headers = dict(request.headers)
    peer = request.remote_addr or ""
    return WebhookCall(url, request.args, request.form, headers, body, request.method, tail, peer)


def _response(answer: WebhookAnswer) -> Response:
    return Response(
        answer.body, answer.status, dict(answer.headers), content_type=answer.content_type
    )
