"""Who upgrades: host after host gets the processes of the new release, while citizens go on.

The migrations were applied before, by the new release. A host that is being upgraded is taken out
of the proxy first and put back when all of it answers, so nobody meets a process that is not there.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from sandbox.chaos.conductor import Span
from sandbox.chaos.line import Noted
from sandbox.chaos.living import say
from sandbox.hosts.cutting import Cutter
from sandbox.hosts.plan import ON_EACH, ONCE
from sandbox.hosts.running import ManyHosts, wait_until
from sandbox.house.layout import ROOT

_CALM: Final = (4.0, 7.0)
_EMPTY_SECONDS: Final = 30.0
_REPLACED_SECONDS: Final = 120.0
# Where the calls in hand stand among what the proxy tells of a door.
_IN_HAND: Final = 4
_FRONTS: Final = {"doors": "door", "intakes": "intake"}


class NotReplaced(RuntimeError):
    """A process did not come up in its new release."""


@dataclass(slots=True)
class Upgrader:
    """Replaces every process of every host, one at a time; no fault is made, so none is excused."""

    house: ManyHosts
    noted: Noted
    chance: random.Random
    over: threading.Event
    seconds: float
    door_away: list[Span] = field(default_factory=list)
    worker_killed: list[float] = field(default_factory=list)
    has_made_all: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Upgrade host after host; without an end before all of them are."""
        for host in self.house.names:
            self.over.wait(self.chance.uniform(*_CALM))
            self._upgrade(host)
        self.over.wait(self.chance.uniform(*_CALM))
        self.has_made_all.set()

    def _upgrade(self, host: str) -> None:
        began = time.monotonic()
        self._set(host, "drain")
        wait_until(lambda: not self._in_hand(host), _EMPTY_SECONDS)
        names = (*ON_EACH, ONCE) if host == self.house.names[-1] else ON_EACH
        for name in names:
            self._replace(f"{name}@{host}")
            self.noted.count(f"replaced_{name}")
        self._set(host, "ready")
        wait_until(self.house.has_all_doors, _REPLACED_SECONDS)
        say(f"host {host} has the new release after {time.monotonic() - began:.0f} s")

    def _set(self, host: str, state: str) -> None:
        for backend in _FRONTS:
            self.house.tell_proxy(f"set server {backend}/{host} state {state}")

    def _in_hand(self, host: str) -> int:
        told = self.house.tell_proxy("show stat").splitlines()
        rows = [row.split(",") for row in told]
        return sum(int(r[_IN_HAND] or 0) for r in rows if r[0] in _FRONTS and r[1] == host)

    def _replace(self, name: str) -> None:
        folder: Path = self.house.data / "orders"
        written = folder / f"{name}.part"
        written.write_text(str(ROOT), encoding="utf-8")
        order = written.rename(folder / name)
        if not wait_until(lambda: not order.exists(), _REPLACED_SECONDS):
            raise NotReplaced(name)


class InTurn:
    """First every host is upgraded, then cables are pulled."""

    def __init__(self, upgrader: Upgrader, cutter: Cutter) -> None:
        self._upgrader = upgrader
        self._cutter = cutter
        # Only a cable that is pulled excuses a late answer.
        self.door_away = cutter.door_away
        self.worker_killed: list[float] = []
        self.has_made_all = cutter.has_made_all

    @classmethod
    def made(cls, *given: Any) -> Self:
        """Both, over the same hosts and lines."""
        return cls(Upgrader(*given), Cutter(*given))

    def run(self) -> None:
        """Do one after the other."""
        self._upgrader.run()
        self._cutter.run()
