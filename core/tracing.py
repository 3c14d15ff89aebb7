"""The trace of what is being done: one id from the webhook to the registry, as W3C's traceparent.

Every call that comes in begins a trace or takes one up; every call that goes out, and every task,
carries it on. It costs 24 random bytes and stands in each log line. Spans are made only where
TWIZA_TRACES_URL says where to send them (core/spans.py); else nothing of OpenTelemetry is loaded.
"""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Final, Literal, Protocol

from core.environment import TracesSettings, read_settings

HEADER: Final = "traceparent"
Kind = Literal["server", "client", "internal"]
_FORM: Final = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
_LENGTH: Final = 55
_current: ContextVar[str] = ContextVar(HEADER, default="")
_NOTHING: Final = nullcontext()


class Recorder(Protocol):
    """What makes spans (core/spans.py)."""

    def open(
        self, name: str, kind: Kind, attributes: dict[str, str], is_root: bool
    ) -> AbstractContextManager[None]:
        """A span of what is done in a block; its exceptions are noted by nothing but that."""


_recorder: Recorder | None = None


def set_up_traces(process: str) -> None:
    """Have spans made in this process if the settings name an address for them."""
    global _recorder
    settings = read_settings(TracesSettings)
    _recorder = None
    if settings.traces_url:
        from core.spans import Spans

        _recorder = Spans(process, settings.traces_url, settings.traces_share)


def traceparent() -> str:
    """The trace as the next call carries it; empty outside of any."""
    return _current.get()


def trace_id() -> str:
    """The id of the trace, 32 hexadecimal digits; empty outside of any."""
    return _current.get()[3:35]


def begin() -> None:
    """Begin a trace: for what comes from outside, whose own word for it is not taken."""
    made = os.urandom(24).hex()
    _current.set(f"00-{made[:32]}-{made[32:]}-00")


def take_up(given: str | None) -> bool:
    """Go on with a trace of one of ours, or begin one where that is none; whether it went on."""
    if given and len(given) == _LENGTH and _FORM.fullmatch(given):
        _current.set(given)
        return True
    begin()
    return False


def go_on(given: str) -> None:
    """Go on with exactly that trace, as `traceparent` gave it."""
    _current.set(given)


def serving(
    name: str, given: str | None = None, kind: Kind = "server", **attributes: str
) -> AbstractContextManager[None]:
    """What is done for one call or task: it goes on with a `given` trace, or begins one."""
    is_root = not take_up(given)
    return _NOTHING if _recorder is None else _recorder.open(name, kind, attributes, is_root)


def span(name: str, kind: Kind = "internal", **attributes: str) -> AbstractContextManager[None]:
    """A step within the trace; a call that goes out is a `client`."""
    if _recorder is None:
        return _NOTHING
    is_root = not _current.get()
    if is_root:
        begin()
    return _recorder.open(name, kind, attributes, is_root)
