"""What is said, and who says it first: the turn or its deadline."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Said:
    """What goes back to the citizen now; `is_open` keeps a USSD session open."""

    texts: tuple[str, ...] = ()
    is_open: bool = True


class Deadline:
    """Who answers first: the turn, or the deadline. Only one of them may."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False

    def take(self) -> bool:
        """True for the first who asks."""
        with self._lock:
            first, self._taken = not self._taken, True
            return first
