"""The connections to the engine: JSON is posted over them, one after another, and they are kept."""

from __future__ import annotations

import select
import socket
import ssl
import weakref
from collections import deque
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

from core.errors import EngineTimeout, EngineUnavailable

_CONNECT_SECONDS: Final = 1.0
_KEPT: Final = 64
_PIECE: Final = 65536
_PORTS: Final = {"http": 80, "https": 443}


class Wire:
    """HTTP/1.1 to one address, from many threads; an answer, or more of it, is awaited so long.

    What a client for any server does around a call takes as long as a tenth of the whole hop.
    """

    def __init__(self, url: str, seconds: float) -> None:
        parts = urlsplit(url)
        self._place = (parts.hostname or "", parts.port or _PORTS[parts.scheme])
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._seconds = seconds
        self._kept: deque[socket.socket] = deque()
        weakref.finalize(self, _close, self._kept)
        self._path = parts.path.rstrip("/")
        self._host = parts.netloc.rpartition("@")[2]

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """The status and the body of what is answered.

        Raises EngineUnavailable where no connection comes about or it breaks off, EngineTimeout.
        """
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"POST {self._path}{path} HTTP/1.1\r\nHost: {self._host}\r\n{said}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line = self._take() or self._open()
        try:
            answer = _ask(line, head.encode("latin-1") + body)
        except TimeoutError:
            line.close()
            raise EngineTimeout("no answer in time") from None
        except (OSError, HttpParserError) as fault:
            line.close()
            raise EngineUnavailable(type(fault).__name__) from None
        if answer.is_followed and len(self._kept) < _KEPT:
            self._kept.append(line)
        else:
            line.close()
        return answer.parser.get_status_code(), b"".join(answer.body)

    def _take(self) -> socket.socket | None:
        """A connection that is kept, and was not closed at the other end meanwhile."""
        while True:
            try:
                line = self._kept.pop()
            except IndexError:
                return None
            waiting = select.poll()
            waiting.register(line, select.POLLIN)
            if not waiting.poll(0):
                return line
            line.close()

    def _open(self) -> socket.socket:
        try:
            line = socket.create_connection(self._place, _CONNECT_SECONDS)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                line = self._tls.wrap_socket(line, server_hostname=self._place[0])
        except OSError as fault:
            raise EngineUnavailable(type(fault).__name__) from None
        line.settimeout(self._seconds)
        return line


class _Answer:
    """An answer as it comes in; `is_whole` once all is there, `is_followed` if others may be."""

    __slots__ = ("body", "is_followed", "is_whole", "parser")

    def __init__(self) -> None:
        self.body: list[bytes] = []
        self.is_whole = self.is_followed = False
        self.parser = HttpResponseParser(self)

    def on_body(self, piece: bytes) -> None:
        """Called by the parser."""
        self.body.append(piece)

    def on_message_complete(self) -> None:
        """Called by the parser, which forgets then what the headers said."""
        self.is_whole, self.is_followed = True, self.parser.should_keep_alive()


def _close(lines: deque[socket.socket]) -> None:
    while lines:
        lines.pop().close()


def _ask(line: socket.socket, request: bytes) -> _Answer:
    line.sendall(request)
    answer = _Answer()
    while not answer.is_whole:
        piece = line.recv(_PIECE)
        if not piece:
            raise ConnectionError("it broke off")
        answer.parser.feed_data(piece)
    return answer
