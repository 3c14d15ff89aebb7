"""What is said, and who says it first: the turn or its deadline."""

from __future__ import annotations

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
    """Who answers first: the turn, or the deadline. Only one of them may."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False

    def take(self) -> bool:
        """True for the first who asks."""
        with self._lock:
            first, self._taken = not self._taken, True
            return first
