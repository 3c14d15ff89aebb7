"""`bin/teach`, with the settings of the worker."""

from __future__ import annotations

import sys

from core.errors import SettingsFaulty


def run() -> int:
    """Take the command, or name what is wrong with the settings."""
    try:
        from worker.teaching.command import main
    except SettingsFaulty as faulty:
        sys.stderr.write(f"{faulty}\n")
        return 2
    return main()


if __name__ == "__main__":
    sys.exit(run())
