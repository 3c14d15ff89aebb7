"""What must be so before Rasa is imported, where its secrets and its log lines go."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path

# Settings of Rasa's that only the environment can give. All may be overridden there.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "FORCE_JSON_LOGGING": "1",
    # An engine that dies in a turn shuts its conversation for so long, not for a minute.
    "TICKET_LOCK_LIFETIME": "10",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
# What endpoints.yml reads; that of others ends in _FILE too, and may be a file that is not here.
_FROM_FILES = ("TWIZA_ACTIONS_TOKEN", "TWIZA_ACTIONS_URL", "TWIZA_ENGINE_REDIS_URL")


def prepare(*, serves: bool = False) -> None:
    """Quieten Rasa, read its secrets, and answer the imports that the lock leaves out.

    A process that only `serves` a model does without what is needed to train one, too.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    read_files()

    from components.absent_modules import answer_absent_modules

    answer_absent_modules()
    if serves:
        from engine.idle_modules import leave_out_idle_modules

        leave_out_idle_modules()
    # Rasa's old ways with its own dependencies, which nobody here can mend.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")


def read_files() -> None:
    """Give the content of the file that <NAME>_FILE names as <NAME>, which is all that Rasa reads.

    Stops the process where a file can't be read, and names the setting, not the file.
    """
    for name in _FROM_FILES:
        path = os.environ.get(f"{name}_FILE")
        if not path:
            continue
        try:
            os.environ[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as unread:
            sys.exit(f"twiza: {name}_FILE: {unread.strerror}")


def log_as_json() -> None:
    """Send every log line of this process to standard output as JSON, warnings among them."""
    from rasa.utils.log_utils import configure_structlog

    from components.json_logs import set_up_json_logs

    set_up_json_logs()
    configure_structlog(logging.WARNING)
    logging.captureWarnings(True)
