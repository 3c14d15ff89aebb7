"""Who makes the faults: each process and store in turn is killed, stalled or locked."""

from __future__ import annotations

import math
import random
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from sandbox.chaos.house import PROCESSES, House
from sandbox.chaos.line import Noted
from sandbox.chaos.stores import Stores
from sandbox.house.health import answers_at

_SHORTEST_STALL, _LONGEST_STALL = 3.0, 8.0
# In so many seconds every fault is made once if none is longer than it must be.
_ONCE_SECONDS: Final = 60.0
_STORES: Final = ("records", "transcripts")
Fault = tuple[str, str]
FAULTS: Final[tuple[Fault, ...]] = (
    *((kind, name) for kind in ("kill", "stall") for name in PROCESSES),
    *(("lock", name) for name in _STORES),
)
_GATHER_SECONDS: Final = 0.5


@dataclass(slots=True)
class Span:
    """A while, by the monotonic clock, that may not be over yet."""

    began: float
    ended: float = math.inf


class Faults(Protocol):
    """Whoever makes faults, in a thread; `has_made_all` is set once each was made."""

    door_away: list[Span]
    worker_killed: list[float]
    has_made_all: threading.Event

    def run(self) -> None:
        """Make faults until the time is over."""
        ...


@dataclass(slots=True)
class Conductor:
    """Makes faults one after the other; remembers when the door was away and the worker died.

    `has_made_all` is set once every fault was made. `outside` are faults of what the house was
    given, by kind and name, and how each is made.
    """

    house: House
    noted: Noted
    chance: random.Random
    over: threading.Event
    seconds: float
    door_away: list[Span] = field(default_factory=list)
    worker_killed: list[float] = field(default_factory=list)
    has_made_all: threading.Event = field(default_factory=threading.Event)
    outside: Mapping[Fault, Callable[[], None]] = field(default_factory=dict)

    def run(self) -> None:
        """Go through all faults in a drawn order, again and again, until the time is over."""
        # A Redis that runs already is not the house's to kill.
        is_given = self.house.layout.given_redis_url is not None
        faults = [fault for fault in FAULTS if not (is_given and fault[1] == "redis")]
        faults += self.outside
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
        if (kind, name) in self.outside:
            self.outside[kind, name]()
        elif kind == "lock":
            if not self._lock(name):
                return False
        elif not self.house.signal(name, signal.SIGKILL if is_killed else signal.SIGSTOP):
            return False
        if is_killed and name == "worker":
            self.worker_killed.append(time.time())
        if kind == "stall" and (kind, name) not in self.outside:
            self._stand()
            self.house.signal(name, signal.SIGCONT)
        self.noted.count(f"{kind}_{name}")
        if name == "door":
            self._watch_the_door(began)
        return True

    def _lock(self, name: str) -> bool:
        with Stores(self.house.layout).locked(name) as is_held:
            if is_held:
                self._stand()
        return is_held

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
