"""What goes wrong at the pretend provider because somebody asked for it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the next `times` messages, of all or of one kind or number.

    `status` refuses a message with this HTTP status, and `code` beside it; `code` alone takes it
    and reports later that it failed. `seconds` makes the answer late and `lost` loses it, the
    message being taken in either case. `silent` reports nothing of it.
    """

    times: int = 1
    kind: str = ""
    number: str = ""
    status: int = 0
    code: int = 0
    seconds: float = 0.0
    lost: bool = False
    silent: bool = False


NONE = Fault(times=0)


class Faults:
    """The faults that are still to happen, each as often as it says."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def inject(self, asked: Mapping[str, Any]) -> None:
        """Have a fault happen. Raises ValueError for a field that no fault has, or of no use."""
        usual = asdict(NONE)
        for name, value in asked.items():
            if name not in usual or not isinstance(value, (type(usual[name]), int)):
                raise ValueError(f"no fault has {name}={value!r}")
        with self._lock:
            self._waiting.append(Fault(**asked))

    def clear(self) -> None:
        """Have nothing go wrong any more."""
        with self._lock:
            self._waiting.clear()

    def to_json(self) -> list[dict[str, Any]]:
        """Those that are still to happen."""
        with self._lock:
            return [asdict(fault) for fault in self._waiting]

    def take(self, kind: str, number: str) -> Fault:
        """What happens to a message of a kind to a number; NONE where nothing does."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.kind in ("", kind) and fault.number in ("", number):
                    if fault.times > 1:
                        self._waiting[place] = replace(fault, times=fault.times - 1)
                    else:
                        del self._waiting[place]
                    return fault
        return NONE
