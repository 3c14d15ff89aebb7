"""PDUs over a socket, for the side of the SMSC. Each connection is read by one thread."""

from __future__ import annotations

import itertools
import socket
import struct
import threading
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any, Final

from smpplib import command, gsm, smpp

GSM7: Final = 0x00
UCS2: Final = 0x08
_RESPONSE_SECONDS: Final = 5.0
_ESCAPE: Final = 0x1B


class Closed(ConnectionError):
    """The other side has gone."""


class Connection:
    """A connection from whoever binds. Several threads may write."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._writing = threading.Lock()
        self._sequences = itertools.count(1)
        self._waiting: dict[int, Future[Any]] = {}

    def read(self) -> Any:
        """The next PDU. Raises Closed at the end."""
        head = self._take(4)
        (length,) = struct.unpack(">L", head)
        return smpp.parse_pdu(
            head + self._take(length - 4), sequence=1, allow_unknown_opt_params=True
        )

    def write(self, name: str, sequence: int, status: int = 0, **fields: Any) -> None:
        """Send a PDU. Raises Closed."""
        made = smpp.make_pdu(name, sequence=1, status=status, **fields)
        if name == "deliver_sm":
            made.params = {**made.params, "ussd_service_op": command.Param(type=int, size=1)}
            made.params_order = (*made.params_order, "ussd_service_op")
        made.sequence = sequence
        try:
            with self._writing:
                self._socket.sendall(made.generate())
        except OSError:
            raise Closed from None

    def request(self, name: str, **fields: Any) -> int:
        """Send a request and return the status of its response. Raises Closed or TimeoutError."""
        sequence = next(self._sequences)
        answer = self._waiting[sequence] = Future()
        try:
            self.write(name, sequence, **fields)
            return int(answer.result(_RESPONSE_SECONDS).status)
        finally:
            del self._waiting[sequence]

    def settle(self, response: Any) -> None:
        """Hand a response to whoever waits for it."""
        answer = self._waiting.get(response.sequence)
        if answer is not None:
            with suppress(InvalidStateError):
                answer.set_result(response)

    def cut(self, loses: bool = True) -> None:
        """Break the connection without a farewell; what is on its way arrives unless `loses`."""
        for answer in list(self._waiting.values()):
            with suppress(InvalidStateError):
                answer.set_exception(Closed())
        try:
            if loses:
                reset = struct.pack("ii", 1, 0)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            self._socket.shutdown(socket.SHUT_RD if loses else socket.SHUT_RDWR)
            self._socket.close()
        except OSError:
            return

    def _take(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            try:
                part = self._socket.recv(count - len(taken))
            except OSError:
                raise Closed from None
            if not part:
                raise Closed
            taken += part
        return taken


def encode(text: str) -> tuple[int, bytes]:
    """What a citizen types, as the SMSC's data_coding and octets."""
    try:
        return GSM7, bytes(gsm.gsm_encode(text))
    except UnicodeError:
        return UCS2, text.encode("utf-16-be")


def decode(coding: int, octets: bytes) -> str:
    """What a citizen reads."""
    if coding == UCS2:
        return octets.decode("utf-16-be")
    table, shift, text = gsm.GSM_CHARACTER_TABLE, 0, ""
    for code in octets:
        if code == _ESCAPE:
            shift = 0x80
        else:
            text, shift = text + table[shift + code], 0
    return text
