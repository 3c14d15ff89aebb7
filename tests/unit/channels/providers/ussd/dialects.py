"""A dialect to change in tests, and calls to put before it."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from channels.port import WebhookCall
from channels.providers.ussd.dialect import Dialect

URL = "https://door.example/channels/ussd/messages"


def a_dialect(**changes: Any) -> Dialect:
    """A small dialect, with parts of its file replaced."""
    return Dialect.model_validate(a_file(**changes) | {"name": "gateway"})


def a_file(**changes: Any) -> dict[str, Any]:
    """What the file of a small dialect holds, with parts of it replaced."""
    written: dict[str, Any] = {
        "title": "Gateway",
        "method": "POST",
        "fields": {"session": "json.session", "number": "json.number", "text": "json.text"},
        "session": {
            "begins": [{"field": "json.step", "is": ["new"]}],
            "duplicate_window": 2.0,
            "seconds": 180,
        },
        "input": {"cumulative": False, "first": "dialled"},
        "answer": {"format": "text", "open": {"text": "CON {text}"}, "end": {"text": "END {text}"}},
        "limits": {"gsm7": 160, "ucs2": 70, "deadline_seconds": 4.0},
    }
    return written | changes


def a_call(body: bytes = b"", **changes: Any) -> WebhookCall:
    """A call with a body."""
    given: dict[str, Any] = {"query": {}, "form": MultiDict(), "headers": {}, "body": body}
    return WebhookCall(**({"url": URL} | given | changes))
