"""Kept connections to one HTTP server, each of which carries one call after the other.

A call is one writing of one piece, and httptools reads what is answered, as it does for uvicorn. A
general client takes three times as long over the same call, and a turn calls the actions once or
twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import httptools

_PORTS = {"http": 80, "https": 443}
_BREAKS = frozenset("\r\n\0")
Answer = tuple[int, bytes]


class Connections:
    """Connections to the server of an address, as many as there are calls at a time."""

    def __init__(self, url: str, headers: Mapping[str, str], seconds: float) -> None:
        """Hold the address; the first call connects.

        A call, and a connection that carries none, may last so many seconds. Raises ValueError.
        """
        place = urlsplit(url)
        port = place.port or _PORTS.get(place.scheme)
        if port is None or not place.hostname:
            raise ValueError("the actions are at an address of http or https")
        self._place = (place.hostname, port)
        self._is_secure = place.scheme == "https"
        self._seconds = seconds
        self._idle: list[_Connection] = []
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        given = {"Host": place.netloc.rpartition("@")[2], **headers}
        if not _BREAKS.isdisjoint("".join([path, *given, *given.values()])):
            raise ValueError("a header is one line")
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {text}" for name, text in given.items())]
        self._head = "".join(f"{line}\r\n" for line in lines).encode("latin-1")

    async def post(self, body: bytes, headers: bytes = b"") -> Answer:
        """The status and body of the answer; `headers` are whole lines.

        Raises OSError, and TimeoutError of asyncio after the time that a call may last.
        """
        request = b"%b%bContent-Length: %d\r\n\r\n%b" % (self._head, headers, len(body), body)
        connection = self._kept() or await self._connected()
        answer = await connection.call(request, self._seconds)
        if connection.is_open:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        return answer

    def close(self) -> None:
        """Close those that carry no call."""
        while self._idle:
            self._idle.pop().close()

    def _kept(self) -> _Connection | None:
        # The last one that was used, so that those which are too many grow old.
        oldest = time.monotonic() - self._seconds
        while self._idle and self._idle[0].idle_since < oldest:
            self._idle.pop(0).close()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _connected(self) -> _Connection:
        loop = asyncio.get_running_loop()
        connecting = loop.create_connection(
            _Connection, *self._place, ssl=True if self._is_secure else None
        )
        return (await asyncio.wait_for(connecting, self._seconds))[1]


class _Connection(asyncio.Protocol):
    """One connection; httptools calls the methods that begin with `on_`."""

    def __init__(self) -> None:
        self.is_open = False
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport, self.is_open = transport, True

    async def call(self, request: bytes, seconds: float) -> Answer:
        """One call, alone. Whatever ends it but an answer closes the connection."""
        loop = asyncio.get_running_loop()
        self._answer = answer = loop.create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        late = loop.call_later(seconds, self._fail, asyncio.TimeoutError())
        try:
            assert self._transport is not None
            self._transport.write(request)
            return await answer
        except BaseException:
            self.close()
            raise
        finally:
            late.cancel()
            self._answer = None

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            # Nobody asked.
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(ConnectionError("no answer of HTTP"))

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._fail(ConnectionError("cut off"))

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        if self._answer is None or self._answer.done():
            return
        if not self._parser.should_keep_alive():
            self.close()
        self._answer.set_result((self._parser.get_status_code(), b"".join(self._body)))

    def _fail(self, fault: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(fault)
