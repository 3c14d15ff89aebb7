"""An app of ours over real HTTP, on loopback, with a thread for each connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

A = TypeVar("A")
B = TypeVar("B")
_ANSWER: Final = "twiza.tests.answer"


class _Closing(WSGIRequestHandler):
    """werkzeug's own closes no answer, nor the file in it, whose reader hung up at its end."""

    def connection_dropped(
        self, error: BaseException, environ: dict[str, Any] | None = None
    ) -> None:
        """Close what was being answered."""
        answer = (environ or {}).get(_ANSWER)
        if answer is not None:
            answer.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve it; its address."""

    def kept(environ: dict[str, Any], start: Any) -> Any:
        environ[_ANSWER] = app(environ, start)
        return environ[_ANSWER]

    server = make_server("127.0.0.1", 0, kept, threaded=True, request_handler=_Closing)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def at_once(call: Callable[[A], B], given: Sequence[A], many: int = 16) -> list[B]:
    """What each call answers, so many of them at a time."""
    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(call, given))
