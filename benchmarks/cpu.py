"""Processor time of processes, as the operating system counts it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import psutil

# A part of each command line, and what its process is called.
_ROLES: Final = {
    "channels.app:": "door",
    "bot/serve.py": "engine",
    "bot/main.py": "engine",
    "actions.server:": "actions",
    "worker.app beat": "beat",
    "worker.app": "worker",
    "console.app:": "console",
    "actions.registry.notify:": "intake",
    "valkey-server": "redis",
    "redis-server": "redis",
    "sandbox.registry.app:": "registry",
    "sandbox.phone.app:": "phone",
    "benchmarks.hand_menu:": "menu",
    "benchmarks.constant:": "constant",
}
# The state's registry and the citizen's phone are pretended: nobody pays for them here. The worker,
# and what gives it its hours, work once a citizen has been answered; they are shown beside.
OUTSIDE: Final = frozenset({"registry", "phone", "worker", "beat"})


class ServersChanged(RuntimeError):
    """A server ended or started while it was measured."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds of processor time since their start, by role, and the processes that were read."""

    seconds: Mapping[str, float]
    processes: frozenset[int]

    def since(self, before: Reading) -> dict[str, float]:
        """Seconds spent since an earlier reading. Raises ServersChanged."""
        if before.processes != self.processes:
            raise ServersChanged("a server was restarted; its log says why")
        return {role: spent - before.seconds[role] for role, spent in self.seconds.items()}


def read_servers(house: psutil.Process) -> Reading:
    """The processor time of all servers below a house, with their children."""
    seconds: dict[str, float] = {}
    processes: set[int] = set()
    for server in house.children():
        role = _role(server)
        for process in (server, *_below(server, role)):
            seconds[role] = seconds.get(role, 0.0) + read_process(process)
            processes.add(process.pid)
    return Reading(seconds, frozenset(processes))


def read_memory(house: psutil.Process) -> dict[str, float]:
    """Proportional memory in MB of every server process below a house.

    They are named by role; a parent's children, oldest first, have numbers: door, door 2.
    """
    found: dict[str, float] = {}
    for server in house.children():
        role = _role(server)
        below = sorted(_below(server, role), key=lambda one: (one.create_time(), one.pid))
        for number, process in enumerate((server, *below), 1):
            name = role if number == 1 else f"{role} {number}"
            found[name] = process.memory_full_info().pss / 1e6
    return found


@dataclass(frozen=True, slots=True)
class Machine:
    """Processor seconds: spent by everybody, spent by this bench, and passed on all processors."""

    busy: float
    ours: float
    total: float

    def others_since(self, before: Machine) -> float:
        """The share of the machine that was spent by programs that are not of this bench."""
        spent = (self.busy - before.busy) - (self.ours - before.ours)
        return max(0.0, spent) / (self.total - before.total)


def read_machine() -> Machine:
    """What the machine has spent so far, and what this process and all below it have."""
    here = psutil.Process()
    times = psutil.cpu_times()
    waiting = times.idle + getattr(times, "iowait", 0.0)
    ours = sum(read_process(process) for process in (here, *here.children(recursive=True)))
    return Machine(sum(times) - waiting, ours, sum(times))


def read_process(process: psutil.Process) -> float:
    """Processor seconds of one process, all threads, user and system."""
    if psutil.LINUX:
        # The kernel's clock of that process: the same sum as cpu_times, without its 10 ms steps.
        return time.clock_gettime(~process.pid << 3 | 2)
    times = process.cpu_times()
    return times.user + times.system


def counted(seconds: Mapping[str, float]) -> float:
    """The sum over every process of the service itself."""
    return sum(spent for role, spent in seconds.items() if role not in OUTSIDE)


def _below(server: psutil.Process, role: str) -> list[psutil.Process]:
    """The processes a server works with; Redis writes its file anew in one that soon ends."""
    return [] if role == "redis" else server.children(recursive=True)


def _role(server: psutil.Process) -> str:
    line = " ".join(server.cmdline())
    return next((role for part, role in _ROLES.items() if part in line), server.name())
