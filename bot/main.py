"""Rasa's command line in this project's slim environment.

Run by bot/.venv/bin/python from the root of the repository:  bot/main.py train|run|data|test ...
This folder is on the import path, so that config.yml and endpoints.yml name `components.<...>`.
"""

from __future__ import annotations

import os
import sys

# Settings of Rasa's that only the environment can give. All may be overridden there.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "FORCE_JSON_LOGGING": "1",
    # An engine that dies in a turn shuts its conversation for so long, not for a minute.
    "TICKET_LOCK_LIFETIME": "10",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def main() -> None:
    """Hand over to Rasa's own command line."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)

    from components.absent_modules import answer_absent_modules

    answer_absent_modules()
    import rasa.__main__
    import rasa.utils.common

    from components.json_logs import set_up_json_logs

    # Rasa's old ways with its own dependencies, which nobody here can mend.
    rasa.utils.common.EXPECTED_WARNINGS += [
        (DeprecationWarning, ""),
        (UserWarning, "pkg_resources is deprecated"),
    ]
    if "run" in sys.argv[1:2]:
        set_up_json_logs()
    rasa.__main__.main()


if __name__ == "__main__":
    main()
