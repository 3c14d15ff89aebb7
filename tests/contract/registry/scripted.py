"""A registry that says what a test tells it to, for the answers a well-behaved one never gives."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import Flask, Response, request


def scripted_app(
    status: int, body: Any, headers: dict[str, str] | None = None, later: Any = None
) -> Flask:
    """Gives a token, and to everything else one answer; `later` where a status is asked for.

    A body is sent as JSON, or as it is if it is text. "$transaction", "$reference" (of a second
    search "$second") and "$transactionID" in it become those of the request, "$asked" and
    "$asked_reference" those of the search before it.
    """
    app = Flask("scripted")
    asked: dict[str, str] = {}

    @app.post("/oauth2/client/token")
    def token() -> dict[str, Any]:
        return {"access_token": "token", "token_type": "Bearer", "expires_in": 600}

    @app.post("/<path:_>")
    def answer(_: str) -> Response:
        is_later = later is not None and request.path.endswith("/txn/status")
        told = later if is_later else body
        text = told if isinstance(told, str) else json.dumps(told)
        names = _names(request.get_json())
        if not asked:
            asked.update(asked=names["transaction"], asked_reference=names["reference"])
        for name, value in (names | asked).items():
            text = text.replace(f'"${name}"', json.dumps(value))
        return Response(text, status, headers, content_type="application/json")

    return app


def _names(asked: dict[str, Any]) -> dict[str, str]:
    message = asked.get("message", {})
    requests = message.get("search_request", [{}])
    return {
        "transactionID": asked.get("transactionID", ""),
        "transaction": message.get("transaction_id", ""),
        "reference": requests[0].get("reference_id", ""),
        "second": requests[-1].get("reference_id", ""),
    }


TOKEN_ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 42\r\nConnection: close\r\n\r\n",
    b'{"access_token": "token", "expires_in": 9}',
)


@contextmanager
def raw_listener(
    *answers: tuple[bytes, ...], pause: float = 0.0
) -> Iterator[tuple[str, list[bytes]]]:
    """An address that sends its first answer, piece by piece, to the first connection, and so on.

    The last answer is for all further ones; an empty one is silence, with the connection held.
    Yields the address with the list of what it received, one entry a connection.
    """
    received: list[bytes] = []
    stopped = threading.Event()

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                received.append(connection.recv(65_536))
                _send(connection, answers[min(len(received), len(answers)) - 1])

    def _send(connection: socket.socket, answer: tuple[bytes, ...]) -> None:
        if not answer:
            stopped.wait()
        for piece in answer:
            try:
                connection.sendall(piece)
            except OSError:
                return
            if stopped.wait(pause):
                return

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, args=(listener,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
    finally:
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


class Stopwatch:
    """How long something took."""

    def __init__(self) -> None:
        self._begin = time.monotonic()

    def lap(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begin
