"""What is said, and who says it first: the turn or its clock.

A hop has one answer. The turn takes the deadline when it has something to say, saves it, and leaves
with it; the clock may overtake it up to then. Whatever the clock says of the citizen's input stays
true: where it said that nothing was taken, the turn takes nothing any more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from core.outgoing import Tappable


@dataclass(frozen=True, slots=True)
class Said:
    """What goes back to the citizen now; `is_open` keeps a USSD session open.

    `tappable` is the last text with its choices to tap, where the channel has such.
    """

    texts: tuple[str, ...] = ()
    is_open: bool = True
    tappable: Tappable | None = None


class Deadline:
    """Who answers a hop. Its time runs from its making, or from when the hop came."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lock = Lock()
        self._is_taken = False
        self._is_overtaken = False
        self._has_left = False
        self._is_kept = False
        self._answered_after = 0.0

    def count_from(self, began: float) -> None:
        """The hop came at this moment of the monotonic clock."""
        self._began = began

    @property
    def is_kept(self) -> bool:
        """True once what the citizen gave is safe."""
        return self._is_kept

    @property
    def is_taken(self) -> bool:
        """True once the turn has its answer and is about to leave with it."""
        return self._is_taken

    @property
    def seconds(self) -> float:
        """How many seconds have passed."""
        return time.monotonic() - self._began

    @property
    def answered_after(self) -> float:
        """After how many seconds the hop was answered, or so far where it is not."""
        return self._answered_after or self.seconds

    def keep(self) -> bool:
        """What the citizen gave is safe; False where they were told that it was not taken."""
        with self._lock:
            self._is_kept = self._is_kept or not self._is_overtaken
            return self._is_kept

    def take(self) -> bool:
        """The turn has its answer; False where the clock has answered."""
        with self._lock:
            self._is_taken = not self._is_overtaken
            return self._is_taken

    def leave(self) -> bool:
        """The turn leaves with its answer; False where the clock has answered meanwhile."""
        with self._lock:
            if not self._is_overtaken:
                self._has_left = True
                self._answered_after = self.seconds
            return self._has_left

    def overtake(self) -> bool:
        """The clock answers; False where the turn has left with its answer."""
        with self._lock:
            if not self._has_left and not self._is_overtaken:
                self._is_overtaken = True
                self._answered_after = self.seconds
            return self._is_overtaken
