"""The engine's HTTP side: Rasa's REST channel, and nothing else of Rasa's server.

    POST /webhooks/rest/webhook   {"sender", "message", "input_channel", "metadata"} → the replies
    GET  /                        200 once the model is loaded
    GET  /metrics                 what is counted (engine/meters.py)

A turn that fails is answered like stock Rasa's: 200 and nothing said. One of a conversation that
only a later release reads was not begun: 503.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from engine.agent import QuickAgent
from engine.keeping import KeptByLater
from engine.meters import FAILED, TURN_SECONDS, page
from engine.tracing import span, take_up

logger = logging.getLogger(__name__)

_METRICS = "/metrics"
_WEBHOOK = "/webhooks/rest/webhook"
_HEALTH = frozenset({"/", "/health", "/webhooks/rest/"})
_CHANNEL = "rest"
_MOST_BYTES = 65536
_JSON = (b"content-type", b"application/json")
_TEXT = (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
# As core/headers.py has them for the other processes.
_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = tuple[int, Any]


class Host:
    """An ASGI application around an agent."""

    def __init__(self, agent: QuickAgent) -> None:
        """Serve an agent whose model is loaded."""
        self._agent = agent

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] == _METRICS:
            status, kind, body = 200, _TEXT, page()
        else:
            status, said = await self._answer(scope, receive)
            kind, body = _JSON, orjson.dumps(said)
        headers = [kind, *_HEADERS, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: dict[str, Any], receive: Receive) -> Answer:
        path, method = scope["path"], scope["method"]
        if path in _HEALTH and method in ("GET", "HEAD"):
            return 200, {"status": "ok"}
        if path != _WEBHOOK:
            return 404, {"error": "not here"}
        if method != "POST":
            return 405, {"error": "post it"}
        body = await _body(receive)
        if body is None:
            return 413, {"error": "too long"}
        message = _message(body)
        if message is None:
            return 400, {"error": "not a message"}
        take_up(scope.get("headers", ()))
        began = time.perf_counter()
        try:
            with span("engine.turn", "server"):
                said = await self._handle(message)
                if logger.isEnabledFor(logging.INFO):
                    logger.info("turn")
        except KeptByLater as later:
            logger.warning("a conversation waits for a later release: %s", later)
            return 503, {"error": "a later release keeps this conversation"}
        TURN_SECONDS.observe(time.perf_counter() - began)
        return 200, said

    async def _handle(self, message: UserMessage) -> list[dict[str, Any]]:
        try:
            await self._agent.handle_message(message)
        except KeptByLater:
            raise
        except Exception:
            FAILED.inc()
            logger.exception("a turn failed")
            return []
        return message.output_channel.messages


async def _body(receive: Receive) -> bytes | None:
    body, is_more = b"", True
    while is_more:
        part = await receive()
        body += part.get("body", b"")
        is_more = bool(part.get("more_body"))
        if len(body) > _MOST_BYTES:
            return None
    return body


def _message(body: bytes) -> UserMessage | None:
    try:
        given = orjson.loads(body)
        return UserMessage(
            given["message"],
            CollectingOutputChannel(),
            given["sender"],
            input_channel=given.get("input_channel") or _CHANNEL,
            metadata=given.get("metadata"),
        )
    except (AttributeError, KeyError, TypeError, orjson.JSONDecodeError):
        return None
