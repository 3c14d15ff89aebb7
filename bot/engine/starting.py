"""What must be so before Rasa is imported, and where its log lines go."""

from __future__ import annotations

import logging
import os
import warnings

# Settings of Rasa's that only the environment can give. All may be overridden there.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "FORCE_JSON_LOGGING": "1",
    # An engine that dies in a turn shuts its conversation for so long, not for a minute.
    "TICKET_LOCK_LIFETIME": "10",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def prepare() -> None:
    """Quieten Rasa, and answer the imports of packages that the lock leaves out."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)

    from components.absent_modules import answer_absent_modules

    answer_absent_modules()
    # Rasa's old ways with its own dependencies, which nobody here can mend.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")


def log_as_json() -> None:
    """Send every log line of this process to standard output as JSON, warnings among them."""
    from rasa.utils.log_utils import configure_structlog

    from components.json_logs import set_up_json_logs

    set_up_json_logs()
    configure_structlog(logging.WARNING)
    logging.captureWarnings(True)
