"""A small real engine: it answers over HTTP what a test tells it to, and keeps what it was told."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, request
from werkzeug.serving import make_server

from core.messages import Expects

Answer = Callable[[dict[str, Any]], Any]


def says(
    *texts: str, expects: Expects = Expects.NOTHING, language: str = "fr", **custom: Any
) -> list[dict[str, Any]]:
    """What the engine says in one turn; `buttons` are (title, payload) pairs of the last text."""
    buttons = [{"title": t, "payload": p} for t, p in custom.pop("buttons", ())]
    said: list[dict[str, Any]] = [{"recipient_id": "x", "text": text} for text in texts]
    if buttons:
        said[-1]["buttons"] = buttons
    told = {"expects": expects.value, "language": language, **custom}
    return [*said, {"recipient_id": "x", "custom": told}]


class ScriptedEngine:
    """The REST channel of an engine; `told` lists the calls it got, in order.

    Each call takes the next of `script` (a list of replies, a status, or bytes as they are); once
    that is empty, `usually` makes the answer. While `gate` is cleared, every answer waits.
    """

    def __init__(self) -> None:
        self.url = ""
        self.told: list[dict[str, Any]] = []
        self.script: deque[Any] = deque()
        self.usually: Answer = lambda call: says(f"You said {call['message']}")
        self.gate = threading.Event()
        self.gate.set()
        self.arrived = threading.Semaphore(0)
        self.app = Flask("engine")
        self.app.post("/webhooks/rest/webhook")(self._answer)

    @property
    def texts(self) -> list[str]:
        """The texts it was told."""
        return [call["message"] for call in self.told]

    def wait_until_told(self) -> None:
        """Wait until one more call has arrived."""
        assert self.arrived.acquire(timeout=5), "the engine was never called"

    def _answer(self) -> Response:
        self.told.append(request.get_json())
        self.arrived.release()
        answer = self.script.popleft() if self.script else self.usually(self.told[-1])
        assert self.gate.wait(10), "the gate stayed shut"
        if isinstance(answer, bytes):
            return Response(answer, content_type="application/json")
        if isinstance(answer, int):
            return Response("{}", answer)
        return Response(json.dumps(answer), content_type="application/json")


@contextmanager
def serve(app: Flask, port: int = 0) -> Iterator[int]:
    """The port of an application, served until the block ends."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running_engine() -> Iterator[ScriptedEngine]:
    """A scripted engine that answers until the block ends."""
    engine = ScriptedEngine()
    with serve(engine.app) as port:
        engine.url = f"http://127.0.0.1:{port}"
        try:
            yield engine
        finally:
            engine.gate.set()
