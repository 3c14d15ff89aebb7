"""The layer around the registry that does wrong to calls where a fault strikes them."""

from __future__ import annotations

import contextlib
import errno
import json
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from werkzeug.wrappers import Response

from sandbox.registry.faults import HEADER, PENDING, Fault, Faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PIECES: Final = 8
# Names by which an answer says which call it belongs to.
_NAMES: Final = ("transaction_id", "correlation_id", "transactionID", "transactionId")
_CUT: Final = struct.pack("ii", 1, 0)


class Faulty:
    """A WSGI application around another one."""

    def __init__(self, inner: WSGIApplication, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a call, or do wrong to it."""
        fault = self._faults.strike(environ.get("PATH_INFO", ""), environ.get(HEADER, ""))
        if fault is None:
            return self._inner(environ, start)
        if fault.kind == "error":
            errors = [{"code": "err.service.unavailable", "message": "a fault on purpose"}]
            return Response(
                json.dumps({"errors": errors}), fault.status, content_type="application/json"
            )(environ, start)
        if fault.kind == "reset":
            _cut(environ)
        if fault.kind == "latency":
            time.sleep(fault.seconds)
        if fault.kind == "pending":
            environ[f"HTTP_{PENDING.upper().replace('-', '_')}"] = str(fault.seconds)
        answer = Response.from_app(self._inner, environ, buffered=True)
        if fault.kind == "lost":
            _cut(environ)
        return _changed(answer, fault)(environ, start)


def _changed(answer: Response, fault: Fault) -> Response:
    whole = answer.get_data()
    match fault.kind:
        case "malformed":
            answer.set_data(whole[: len(whole) // 2])
        case "correlation":
            answer.set_data(json.dumps(_of_another(json.loads(whole or b"null"))))
        case "drip":
            answer.response = _pieces(whole, fault.seconds)
    return answer


def _pieces(whole: bytes, seconds: float) -> Iterator[bytes]:
    size = max(1, -(-len(whole) // _PIECES))
    for begin in range(0, len(whole), size):
        time.sleep(seconds / _PIECES)
        yield whole[begin : begin + size]


def _of_another(value: Any) -> Any:
    """An answer as it would be to another call."""
    if isinstance(value, list):
        return [_of_another(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: "another" if name in _NAMES else _of_another(one) for name, one in value.items()}


def _cut(environ: WSGIEnvironment) -> None:
    """Cut the connection of a call, as a machine does that is switched off."""
    for name in ("gunicorn.socket", "werkzeug.socket"):
        connection = environ.get(name)
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CUT)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError(errno.ECONNRESET, "a fault on purpose")
