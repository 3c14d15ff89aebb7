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
        self.told: list[dict[str, Any]] = []
        self.script: deque[Any] = deque()
        self.usually: Answer = lambda call: says(f"You said {call['message']}")
        self.gate = threading.Event()
        self.gate.set()
        self.arrived = threading.Semaphore(0)
        self._port = 0
        self._app = Flask("engine")
        self._app.post("/webhooks/rest/webhook")(self._answer)

    def start(self) -> None:
        """Answer, at the same address as before if there was one."""
        self._server = make_server("127.0.0.1", self._port, self._app, threaded=True)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Be there no more."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

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
def running_engine() -> Iterator[ScriptedEngine]:
    """A scripted engine that answers until the block ends."""
    engine = ScriptedEngine()
    engine.start()
    try:
        yield engine
    finally:
        engine.gate.set()
        engine.stop()
