"""The worker of gunicorn for what is called at every turn: fewer changes of threads, one writing.

    gunicorn --config python:core.forking "actions.server:create_app()"

gunicorn's own threads hand a connection back to the main thread after each answer and get it again
with its next call, and write the head of an answer before its body: both take longer than many a
call does (docs/decisions/0007).
"""

from __future__ import annotations

import select
import threading
from types import SimpleNamespace
from typing import Any, Final

from gunicorn.http2 import negotiation
from gunicorn.workers.gthread import ThreadWorker

from core.plain_heads import PlainParser

# Longer than a busy caller's connection rests between two calls.
_MILLISECONDS: Final = 250


class StayingWorker(ThreadWorker):
    """gunicorn's `gthread`; half of its threads at most wait at a connection for its next call."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting = threading.BoundedSemaphore(max(1, self.cfg.threads // 2))

    def init_process(self) -> None:
        """Begin, with settings that are read no more: gunicorn looks up dozens at each call."""
        given = {name: setting.get() for name, setting in self.cfg.settings.items()}
        self.cfg.__dict__.update(given)
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Answer a connection's call, and those that follow within a moment."""
        if conn.parser is None and self._is_http_1(conn):
            conn.parser = PlainParser(self.cfg, conn.sock, conn.client)
        kept = super().handle(conn)
        while kept is True and self._comes(conn):
            kept = super().handle(conn)
        return kept

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a call; its head and its body leave as one piece."""
        held = Held(conn.sock)
        seen = SimpleNamespace(sock=held, client=conn.client, server=conn.server)
        try:
            return super().handle_request(req, seen)
        finally:
            held.let_go()

    def _is_http_1(self, conn: Any) -> bool:
        """Whether nothing else may be spoken on a connection."""
        if self.cfg.is_ssl or self.cfg.protocol != "http":
            return False
        return not negotiation.prior_knowledge_allowed(self.cfg, conn.client)

    def _comes(self, conn: Any) -> bool:
        """Whether something comes in within a moment, if only the end of the connection."""
        is_read_ahead = bool(conn.parser.unreader.buf.getvalue())
        if not self.alive or self.cfg.is_ssl or conn.is_http2 or is_read_ahead:
            return False
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            ready = select.poll()
            ready.register(conn.sock, select.POLLIN)
            return bool(ready.poll(_MILLISECONDS))
        finally:
            self._waiting.release()


class Held:
    """A socket that holds what is sent first until more is sent, or anything else is done."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._head: bytes | None = None
        self._is_first = True

    def __getattr__(self, name: str) -> Any:
        self.let_go()
        return getattr(self._sock, name)

    def sendall(self, data: bytes) -> None:
        """Send it, after what is held."""
        if self._is_first:
            self._head, self._is_first = data, False
            return
        head, self._head = self._head or b"", None
        self._sock.sendall(head + data)

    def let_go(self) -> None:
        """Send what is held."""
        if self._head is not None:
            head, self._head = self._head, None
            self._sock.sendall(head)
