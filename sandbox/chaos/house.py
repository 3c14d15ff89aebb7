"""A whole house in a folder of its own, whose processes can be found, stalled and killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import psutil

from core.privacy import Pseudonyms, read_key
from sandbox.house.health import answers_at
from sandbox.house.layout import GIVEN_STORES, PORTS, ROOT, Layout, find_taken_port
from sandbox.house.processes import child_environment

_START_SECONDS: Final = 900.0
_STOP_SECONDS: Final = 60.0
# What stands in the command of each process and of no other.
PROCESSES: Final = {
    "door": "channels.app:create_app()",
    "engine": "bot/serve.py",
    "actions": "actions.server:create_app()",
    "worker": "--hostname",
    "beat": "beat",
    "intake": "actions.registry.notify:create_app()",
    "registry": "sandbox.registry.app:create_app()",
    # It writes its own command anew.
    "redis": "-server",
}


class NotStarted(RuntimeError):
    """The house did not come up."""


class House:
    """One running house: where it is, how to reach it, and the leaders of its processes."""

    def __init__(self, layout: Layout, process: subprocess.Popen[bytes]) -> None:
        self.layout = layout
        self._process = process
        self.run: dict[str, Any] = {}

    @property
    def data(self) -> Path:
        """The folder of all its state."""
        return self.layout.data

    def pseudonyms(self) -> Pseudonyms:
        """The keyed hashes as this house makes them."""
        key = (self.data / "secrets" / "pseudonym_key").read_text(encoding="ascii").strip()
        return Pseudonyms(read_key(key, "pseudonym_key"))

    def signal(self, name: str, number: signal.Signals) -> bool:
        """Send a signal to a process and all of its own; False where it does not run."""
        mark = PROCESSES[name]
        for child in psutil.Process(self._process.pid).children():
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                if mark in child.cmdline() or child.name().endswith(mark):
                    os.killpg(child.pid, number)
                    return True
        return False

    def is_well(self) -> bool:
        """True where everything that answers to HTTP does."""
        names = ("door", "actions", "intake", "registry", "engine")
        paths = {"engine": ""}
        return all(
            answers_at(self.layout.url(name) + paths.get(name, "/health"))(None, str)
            for name in names
        )

    def wait(self) -> None:
        """Wait until run.json is there. Raises NotStarted."""
        deadline = time.monotonic() + _START_SECONDS
        while not self.layout.run_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = self.data.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
                raise NotStarted(log[-3000:])
            time.sleep(0.1)
        self.run = json.loads(self.layout.run_file.read_text(encoding="utf-8"))

    def spooled(self) -> list[Path]:
        """What waits on the disks of the doors."""
        return [*self.data.glob("**/spool/*.sealed")]

    def stop(self) -> None:
        """Stop all of it."""
        for name in PROCESSES:
            self.signal(name, signal.SIGCONT)
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def started(folder: Path, settings: dict[str, str]) -> Iterator[House]:
    """A house that is up, with an empty folder. Raises NotStarted.

    `settings` may name stores that run already, as `bin/run` is told of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    redis, records, transcripts = (settings.get(name) or None for name in GIVEN_STORES)
    layout = replace(
        free_layout(folder / "data"),
        given_redis_url=redis,
        given_records_url=records,
        given_transcripts_url=transcripts,
    )
    command = [sys.executable, "-m", "sandbox.house", "--headless"]
    with running(layout, command, {"SANDBOX_CONVERSATIONS": "0", **settings}) as process:
        house = House(layout, process)
        try:
            house.wait()
            yield house
        finally:
            house.stop()


@contextlib.contextmanager
def running(
    layout: Layout, command: list[str], settings: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The program that runs a house, with its log beside the folder."""
    command = [*command, "--data", str(layout.data), "--ports-from", str(layout.first_port)]
    with layout.data.with_suffix(".log").open("wb") as log:
        yield subprocess.Popen(
            command,
            cwd=ROOT,
            env=child_environment(settings),
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def free_layout(data: Path) -> Layout:
    """A layout whose ports nobody uses. Raises NotStarted."""
    # Below the ports that systems give to outgoing connections, another at each try.
    blocks = list(range(30000, 32000, max(PORTS.values()) + 1))
    random.shuffle(blocks)
    for port in blocks:
        layout = Layout(data, port)
        if find_taken_port(layout) is None:
            return layout
    raise NotStarted("no free ports between 30000 and 32000")
