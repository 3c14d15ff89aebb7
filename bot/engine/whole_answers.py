"""Answers that leave in one piece: uvicorn writes the head of one before its body.

Each writing is a call of the kernel that wakes the door, and on one machine the dearest step of all
that serving a turn takes.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_FINAL = (b"HTTP/1.1 2", b"HTTP/1.1 4", b"HTTP/1.1 5")


class WholeAnswers(HttpToolsProtocol):
    """uvicorn's HTTP over a transport that holds a head until its body comes."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(_Held(transport))  # type: ignore[arg-type]

    def on_response_complete(self) -> None:
        """An answer is over; one to HEAD has no body that its head could wait for."""
        self.transport.let_go()  # type: ignore[attr-defined]
        super().on_response_complete()


class _Held:
    """A transport whose every head waits for what is written next, or for the end."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self.is_closing = transport.is_closing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(_FINAL):
            self._head = data
            return
        self._transport.write(data)

    def let_go(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        self.let_go()
        self._transport.close()
