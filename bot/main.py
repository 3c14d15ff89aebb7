"""Rasa's command line in this project's slim environment: train, data validate, test, and run.

Run by bot/.venv/bin/python from the root of the repository:  bot/main.py train|run|data|test ...
This folder is on the import path, so that config.yml and endpoints.yml name `components.<...>` and
`engine.<...>`. `run` is Rasa's own server, for comparison; the service runs serve.py.
"""

from __future__ import annotations

import sys

from engine.starting import log_as_json, prepare


def main() -> None:
    """Hand over to Rasa's own command line."""
    prepare()
    import rasa.__main__
    import rasa.utils.common

    rasa.utils.common.EXPECTED_WARNINGS += [
        (DeprecationWarning, ""),
        (UserWarning, "pkg_resources is deprecated"),
    ]
    if "run" in sys.argv[1:2]:
        log_as_json()
    rasa.__main__.main()


if __name__ == "__main__":
    main()
