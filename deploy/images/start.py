"""Become the process of a role: `python start.py door --threads 128`.

The image of the service begins with this. One image serves every role, so that one is built,
scanned and signed; this table is all that differs. Further arguments go to the process itself and
win over those given here. It replaces itself by that process, which then hears signals at first
hand.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

# A container has a network of its own, so every role answers at the same port.
ADDRESS: Final = "0.0.0.0:8000"  # nosec B104
# What is in hand is finished before its process ends. A door also ends turns whose clock has
# answered, which may take TWIZA_ENGINE_TIMEOUT_SECONDS.
_GRACE_SECONDS: Final = 20
_GRACE_OF_TURNS: Final = 70
_MEMORY_FOLDER: Final = "/dev/shm"  # nosec B108

Command = list[str]


def _web(
    module: str, threads: int, is_preloaded: bool = False, grace: int = _GRACE_SECONDS
) -> Callable[[str, Sequence[str]], list[Command]]:
    def commands(address: str, further: Sequence[str]) -> list[Command]:
        command = ["-m", "gunicorn", f"{module}:create_app()", "--bind", address]
        command += ["--workers", "1", "--threads", str(threads)]
        command += ["--graceful-timeout", str(grace), "--log-level", "warning"]
        command += ["--no-control-socket", "--worker-tmp-dir", _MEMORY_FOLDER]
        if is_preloaded:
            command += ["--config", "python:core.forking"]
        else:
            command += ["--worker-class", "gthread"]
        return [[*command, *further]]

    return commands


def _celery(*arguments: str) -> Callable[[str, Sequence[str]], list[Command]]:
    def commands(_: str, further: Sequence[str]) -> list[Command]:
        command = ["-m", "celery", "--quiet", "--app", "worker.app", *arguments]
        return [[*command, *further]]

    return commands


def _modules(
    *modules: str, arguments: Sequence[str] = ()
) -> Callable[[str, Sequence[str]], list[Command]]:
    def commands(_: str, further: Sequence[str]) -> list[Command]:
        return [["-m", module, *arguments, *further] for module in modules]

    return commands


ROLES: Final[dict[str, Callable[[str, Sequence[str]], list[Command]]]] = {
    "door": _web("channels.app", threads=96, is_preloaded=True, grace=_GRACE_OF_TURNS),
    "actions": _web("actions.server", threads=16, is_preloaded=True),
    "intake": _web("actions.registry.notify", threads=16),
    "console": _web("console.app", threads=16),
    "worker": _celery(
        "worker",
        *("--pool", "threads", "--concurrency", "4"),
        *("--without-gossip", "--without-mingle"),
    ),
    "beat": _celery("beat"),
    "smpp": _modules("channels.smpp"),
    # Both chains of migrations; a database that is up to date is left as it is.
    "migrate": _modules("records.migrate", "transcripts.migrate"),
    # Twilio's templates of this version, before it starts (docs/operating.md).
    "templates": _modules("channels.templates", arguments=("sync",)),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Become the role that is asked for; returns only where one of its steps fails."""
    parser = argparse.ArgumentParser(prog="start.py", description=__doc__)
    parser.add_argument("--address", default=ADDRESS, help="where it answers; %(default)s")
    parser.add_argument("role", choices=sorted(ROLES))
    chosen, further = parser.parse_known_args(arguments)
    *first, last = [
        [sys.executable, *command] for command in ROLES[chosen.role](chosen.address, further)
    ]
    for command in first:
        status = subprocess.run(command, check=False).returncode
        if status:
            return status
    # Nothing goes through a shell: the command is a list of ours and the container's arguments.
    return os.execv(last[0], last)  # nosec B606


if __name__ == "__main__":
    raise SystemExit(main())
