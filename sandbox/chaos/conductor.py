"""Who makes the faults: each process and store in turn is killed, stalled or locked."""

from __future__ import annotations

import math
import random
import signal
import sqlite3
import threading
import time
from collections import deque
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from sandbox.chaos.house import PROCESSES, House
from sandbox.chaos.line import Noted
from sandbox.house.health import answers_at

_SHORTEST_STALL, _LONGEST_STALL = 3.0, 8.0
# In so many seconds every fault is made once if none is longer than it must be.
_ONCE_SECONDS: Final = 60.0
_STORES: Final = ("records", "transcripts")
FAULTS: Final = (
    *((kind, name) for kind in ("kill", "stall") for name in PROCESSES),
    *(("lock", name) for name in _STORES),
)
_GATHER_SECONDS: Final = 0.5


@dataclass(slots=True)
class Span:
    """A while, by the monotonic clock, that may not be over yet."""

    began: float
    ended: float = math.inf


@dataclass(slots=True)
class Conductor:
    """Makes faults one after the other; remembers when the door was away and the worker died.

    `has_made_all` is set once every fault was made.
    """

    house: House
    noted: Noted
    chance: random.Random
    over: threading.Event
    seconds: float
    door_away: list[Span] = field(default_factory=list)
    worker_killed: list[float] = field(default_factory=list)
    has_made_all: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Go through all faults in a drawn order, again and again, until the time is over."""
        faults = list(FAULTS)
        while not self.over.is_set():
            self.chance.shuffle(faults)
            # The slowest to come back is killed last, and all are well before the next round.
            faults.sort(key=lambda fault: fault == ("kill", "engine"))
            waiting = deque(faults)
            while waiting:
                self.over.wait(self.chance.uniform(0.2, 0.5) * self._slowness)
                if self.over.is_set():
                    return
                fault = waiting.popleft()
                if not self._make(*fault):
                    # What is not there just now is hit when it is.
                    waiting.append(fault)
            self.has_made_all.set()
            while not self.house.is_well() and not self.over.wait(0.5):
                pass

    def _make(self, kind: str, name: str) -> bool:
        """Make a fault; False where there is nothing to hit."""
        began, is_killed = time.monotonic(), kind == "kill"
        if kind == "lock":
            if not self._lock(name):
                return False
        elif not self.house.signal(name, signal.SIGKILL if is_killed else signal.SIGSTOP):
            return False
        if is_killed and name == "worker":
            self.worker_killed.append(time.time())
        if kind == "stall":
            self._stand()
            self.house.signal(name, signal.SIGCONT)
        self.noted.count(f"{kind}_{name}")
        if name == "door":
            self._watch_the_door(began)
        return True

    def _lock(self, name: str) -> bool:
        path = self.house.data / f"{name}.sqlite"
        with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as database:
            try:
                database.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                # Somebody else has it locked for that long.
                return False
            self._stand()
            database.execute("ROLLBACK")
        return True

    @property
    def _slowness(self) -> float:
        return min(4.0, max(1.0, self.seconds / _ONCE_SECONDS))

    def _stand(self) -> None:
        longest = min(_LONGEST_STALL, _SHORTEST_STALL * self._slowness)
        self.over.wait(self.chance.uniform(_SHORTEST_STALL, longest))

    def _watch_the_door(self, began: float) -> None:
        """Note how long the door was away, beside what comes next."""
        span = Span(began)
        self.door_away.append(span)

        def watch() -> None:
            healthy = answers_at(f"{self.house.layout.url('door')}/health")
            while not healthy(None, str):
                time.sleep(0.1)
            span.ended = time.monotonic() + _GATHER_SECONDS

        threading.Thread(target=watch, name="door", daemon=True).start()
