"""The engine's log lines: JSON like every other process, with nothing of a citizen in them.

Rasa logs the text of a message it fails on, and tracebacks with local variables. Both are dropped
here, and long runs of digits are masked in whatever is left.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import os
import re
import sys
from typing import Any

from engine.tracing import trace_id

# What Rasa's own log calls carry of a conversation, by the names it uses.
PRIVATE_FIELDS = frozenset({"text", "user_text", "json_message", "locals", "slots", "parse_data"})
DIGITS = re.compile(r"\d{5,}")


def _without_private(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_private(v) for k, v in value.items() if k not in PRIVATE_FIELDS}
    if isinstance(value, list):
        return [_without_private(item) for item in value]
    return DIGITS.sub("***", value) if isinstance(value, str) else value


class JsonLine(logging.Formatter):
    """Formats one record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Render the record. A message that structlog already made JSON is merged in."""
        said: Any = record.getMessage()
        with contextlib.suppress(ValueError):
            said = json.loads(said)
        fields = said if isinstance(said, dict) else {"event": said}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        line = {
            **_without_private(fields),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.datetime.fromtimestamp(
                record.created, datetime.timezone.utc
            ).isoformat(),
            "process": "engine",
        }
        own = trace_id()
        if own:
            line["trace_id"] = own
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_json_logs() -> None:
    """Send every log line of this process, Rasa's and its libraries', as JSON to standard output.

    Call it after Rasa is imported and before its `main`, which would else install coloured logs.
    """
    import rasa.utils.io

    rasa.utils.io.configure_colored_logging = lambda loglevel: None
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # Our own lines alone: Rasa's are composed at a cost, and tell of messages.
    logging.getLogger("engine").setLevel(os.environ.get("TWIZA_LOG_LEVEL", "WARNING"))
