"""Small houses for tests: rows of shell commands instead of the real processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sandbox.house.health import Health, has_ended_well, has_logged
from sandbox.house.layout import Layout
from sandbox.house.process import Process
from sandbox.house.supervisor import Supervisor


class House:
    """A supervisor of rows, with what it said."""

    def __init__(self, data: Path, *rows: Process, grace: float = 5.0) -> None:
        self.layout = Layout(data, 18000)
        self.said: list[str] = []
        self.supervisor = Supervisor(rows, self.layout, self.said.append, grace)

    def log(self, name: str) -> str:
        """What a process wrote."""
        return self.layout.log(name).read_text(encoding="utf-8")


def running(
    name: str,
    command: str,
    after: tuple[str, ...] = (),
    health: Health | None = None,
    within: float = 5.0,
) -> Process:
    """A process that runs until it is stopped, ready when it has said so."""
    health = health or has_logged("ready")
    return Process(name, ("sh", "-c", command), health, after=after, within=within)


def once(name: str, command: str, after: tuple[str, ...] = ()) -> Process:
    """A process that does its work and ends."""
    return Process(name, ("sh", "-c", command), has_ended_well(), after=after, once=True)


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for a condition, and fail when it doesn't come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
