"""How late this machine runs what is due: measured by a thread that does nothing else."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

_BEAT_SECONDS: Final = 0.02
# Less is how threads are.
_NOTED_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Delay:
    """A beat that was due at `due`, by the monotonic clock, and came at `came`."""

    due: float
    came: float

    @property
    def seconds(self) -> float:
        """How much too late it came."""
        return self.came - self.due


@dataclass(slots=True)
class Lag:
    """The delays of a thread that wakes fifty times a second, until it is over."""

    over: threading.Event
    delays: list[Delay] = field(default_factory=list)

    def start(self) -> None:
        """Begin to measure."""
        threading.Thread(target=self._beat, name="lag", daemon=True).start()

    def worst(self, began: float, ended: float) -> float:
        """The longest delay that fell into a while."""
        within = (one.seconds for one in self.delays if one.due < ended and one.came > began)
        return max(within, default=0.0)

    def _beat(self) -> None:
        while not self.over.is_set():
            due = time.monotonic() + _BEAT_SECONDS
            self.over.wait(_BEAT_SECONDS)
            delay = Delay(due, time.monotonic())
            if delay.seconds > _NOTED_SECONDS:
                self.delays.append(delay)
