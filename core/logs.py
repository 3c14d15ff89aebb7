"""One JSON line per event, with the same fields in every process and nothing of a person in them.

A line that belongs to a call or a task carries the id of its trace (core/tracing.py).

The masking processor is the second wall: callers never log what a citizen gave, and whatever slips
through as a run of digits or an address is masked, in messages, fields and tracebacks alike.
"""

from __future__ import annotations

import logging
import sys
from contextlib import nullcontext, suppress
from typing import Any, ClassVar, TextIO

import structlog

from core.privacy import mask_text
from core.tracing import trace_id

# What is ours and cannot be anybody's.
_OURS = frozenset({"timestamp", "pid", "trace_id", "level", "logger", "process"})


def _mask(value: Any) -> Any:
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {mask_text(str(key)): _mask(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_mask(item) for item in value]
    # A number may be someone's, and the renderer would write any other object out in full.
    written = repr(value)
    masked = mask_text(written)
    return value if isinstance(value, int) and masked == written else masked


def _masked(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {k: v if k in _OURS else _mask(v) for k, v in event.items()}


class _Lines:
    """Writes our lines where the libraries' are written, one at a time.

    Ours are whole when they come here: the way of the libraries' would take four times as long. A
    logger outlives a change of the `handler`, so all of them ask for it at each line.
    """

    handler: ClassVar[logging.StreamHandler[TextIO]]

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, line: str) -> None:
        """Write a line; where that cannot be, nobody is the worse for it."""
        handler = self.handler
        with handler.lock or nullcontext(), suppress(OSError, ValueError):
            handler.stream.write(line + "\n")
            handler.flush()

    debug = info = warning = error = critical = write


def set_up_logs(process: str, level: str = "INFO") -> None:
    """Send every log line of this process, ours and the libraries', masked to standard output."""

    def stamp(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["process"] = process
        if own := trace_id():
            event["trace_id"] = own
        return event

    before: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        stamp,
    ]
    behind: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        _masked,
        structlog.processors.JSONRenderer(),
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *behind],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _Lines.handler = handler
    structlog.configure(
        processors=[*before, *behind],
        logger_factory=_Lines,
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        cache_logger_on_first_use=True,
    )
    for name in ("gunicorn.error", "gunicorn.access", "werkzeug", "celery"):
        quiet = logging.getLogger(name)
        quiet.handlers[:] = []
        quiet.propagate = True
    # Two lines for each task, of which there are several for each message.
    for name in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # The HTTP client logs every path it calls at DEBUG; ours say what matters.
    logging.getLogger("urllib3").setLevel(max(logging.INFO, root.level))


def log(name: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of one module."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    return logger
