"""Who pulls cables: one host after the other is cut off for a while, and brought back."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from sandbox.chaos.conductor import Span
from sandbox.chaos.line import Noted
from sandbox.hosts.running import ManyHosts, wait_until

# A lease of the outbox outlives the shorter ones and not the longest (worker/deliveries.py).
_SHORTEST, _LONGEST = 8.0, 14.0
_CALM: Final = (3.0, 6.0)
# The proxy looks twice a second, and a call may wait for a connection that does not come about.
_NOTICED_SECONDS: Final = 4.0
_BACK_SECONDS: Final = 60.0


@dataclass(slots=True)
class Cutter:
    """Cuts hosts off; remembers when, for what then failed was no door's fault.

    `has_made_all` is set once each was cut, or once one was where there is time for no more.
    """

    house: ManyHosts
    noted: Noted
    chance: random.Random
    over: threading.Event
    seconds: float
    door_away: list[Span] = field(default_factory=list)
    worker_killed: list[float] = field(default_factory=list)
    has_made_all: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Cut one after the other, in a drawn order, until the time is over."""
        hosts = list(self.house.names)
        while not self.over.is_set():
            self.chance.shuffle(hosts)
            for host in hosts:
                self.over.wait(self.chance.uniform(*_CALM) * self._slowness)
                if self.over.is_set():
                    return
                self._cut(host)
                if self.seconds <= _LONGEST * 3:
                    self.has_made_all.set()
            self.has_made_all.set()

    @property
    def _slowness(self) -> float:
        return min(3.0, max(1.0, self.seconds / 60))

    def _cut(self, host: str) -> None:
        span = Span(time.monotonic())
        self.door_away.append(span)
        self.house.network.cut(host)
        self.noted.count(f"cut_{host}")
        # Brought back even where the run is over by then.
        time.sleep(self.chance.uniform(_SHORTEST, _LONGEST) * self._slowness)
        self.house.network.mend(host)
        wait_until(self.house.has_all_doors, _BACK_SECONDS)
        span.ended = time.monotonic() + _NOTICED_SECONDS
