"""The systems that are compared: all are started before the first measurement, all are stopped."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import redis

from benchmarks.cpu import Reading, read_servers
from sandbox.house.health import Health
from sandbox.house.layout import PORTS, ROOT, Layout, find_taken_port
from sandbox.house.process import Process
from sandbox.house.processes import TRAINING_SECONDS
from sandbox.house.supervisor import Supervisor

NAMES = ("twiza", "stock_rule", "hand_menu", "constant")
# Measured where it is asked for: its environment takes three gigabytes.
FULL = "stock_diet"
STOCK = frozenset({"stock_rule", FULL})
WITH_ENGINE = STOCK | {"twiza"}
# Below the ports that systems give to outgoing connections.
_PORTS = range(30000, 32000, len(PORTS))
_ENGINE_DATABASE = 2
_GRACE_SECONDS = 10.0
# A turn is measured up to the webhook's own answer, which cannot hold buttons.
_ANSWERED = {"TWIZA_CHANNEL_WHATSAPP_BUTTONS": "false"}

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class System:
    """One running system: how to call it, and what it spends."""

    name: str
    layout: Layout
    house: psutil.Process

    @property
    def channels(self) -> dict[str, Any]:
        """Its channels, as run.json describes them."""
        found: dict[str, Any] = json.loads(self.layout.run_file.read_text(encoding="utf-8"))
        return dict(found["channels"])

    @property
    def registry_database(self) -> Path:
        """The file of its sandbox registry."""
        return self.layout.data / "registry.sqlite"

    def read_cpu(self) -> Reading:
        """The processor time of its servers so far."""
        return read_servers(self.house)

    def engine_store(self) -> redis.Redis:
        """The Redis database of its engine."""
        return redis.Redis.from_url(self.layout.redis_url(_ENGINE_DATABASE))

    def forget_conversations(self) -> None:
        """Let the engine forget every conversation, as it does a day after each last turn."""
        if self.name in WITH_ENGINE:
            with contextlib.closing(self.engine_store()) as store:
                store.flushdb()


@contextlib.contextmanager
def running(
    names: Sequence[str], folder: Path, say: Say, settings: Mapping[str, str] | None = None
) -> Iterator[dict[str, System]]:
    """Start systems, each in its own folder and on its own ports; stop them whatever happens.

    `settings` are given to each beside its own.
    Raises StartFailed, or RuntimeError where no ports are free.
    """
    layouts = dict(zip(names, _layouts(names, folder), strict=True))
    supervisor = Supervisor(
        [_row(name, layout, settings or {}) for name, layout in layouts.items()],
        Layout(folder, 0),
        say,
    )
    started: list[psutil.Process] = []
    try:
        supervisor.start()
        here = psutil.Process()
        houses = {name: _house(here, layout) for name, layout in layouts.items()}
        started = [p for house in houses.values() for p in (house, *house.children(recursive=True))]
        yield {name: System(name, layouts[name], house) for name, house in houses.items()}
    finally:
        supervisor.stop()
        _, left = psutil.wait_procs(started, _GRACE_SECONDS)
        for process in left:
            process.kill()


def _row(name: str, layout: Layout, settings: Mapping[str, str]) -> Process:
    where = ("--data", str(layout.data), "--ports-from", str(layout.first_port))
    if name == "twiza":
        command = [str(ROOT / "bin/run"), "--headless"]
    else:
        command = [sys.executable, "-m", "benchmarks.house", name]
    ready = _exists(layout.run_file)
    given = {**_ANSWERED, **settings}
    return Process(name, (*command, *where), ready, given, within=TRAINING_SECONDS)


def _exists(path: Path) -> Health:
    return lambda _status, _read_log: path.exists()


def _layouts(names: Sequence[str], folder: Path) -> list[Layout]:
    free = (Layout(folder, port) for port in _PORTS)
    blocks = (layout.first_port for layout in free if find_taken_port(layout) is None)
    found = [Layout(folder / name, port) for name, port in zip(names, blocks, strict=False)]
    if len(found) < len(names):
        raise RuntimeError("no free ports between 30000 and 32000")
    return found


def _house(here: psutil.Process, layout: Layout) -> psutil.Process:
    return next(child for child in here.children() if str(layout.data) in child.cmdline())
