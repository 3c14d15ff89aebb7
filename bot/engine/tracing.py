"""The trace that a message belongs to, as the door gave it: carried on to the actions and the log.

Spans are made only where TWIZA_TRACES_URL says where to send them (engine/spans.py); else nothing
of OpenTelemetry is loaded.
"""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any

HEADER = "traceparent"
_IN_SCOPE = HEADER.encode()
_FORM = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str] = ContextVar(HEADER, default="")
_NOTHING = nullcontext()
_recorder: Any = None


def set_up_traces() -> None:
    """Have spans made in this process if the environment names an address for them."""
    global _recorder
    url = os.environ.get("TWIZA_TRACES_URL", "")
    if url:
        from engine.spans import Spans

        _recorder = Spans(url)


def take_up(headers: list[tuple[bytes, bytes]]) -> None:
    """Go on with the trace that a call names; what has none belongs to none."""
    for name, value in headers:
        if name == _IN_SCOPE:
            _current.set(value.decode() if _FORM.fullmatch(value) else "")
            return
    _current.set("")


def traceparent() -> str:
    """The trace as the next call carries it; empty outside of any."""
    return _current.get()


def trace_id() -> str:
    """The id of the trace; empty outside of any."""
    return _current.get()[3:35]


def go_on(given: str) -> None:
    """Go on with exactly that trace."""
    _current.set(given)


def span(name: str, kind: str, **attributes: str) -> AbstractContextManager[None]:
    """A step within the trace: a `server` answers a call, a `client` makes one."""
    if _recorder is None or not _current.get():
        return _NOTHING
    opened: AbstractContextManager[None] = _recorder.open(name, kind, attributes)
    return opened
