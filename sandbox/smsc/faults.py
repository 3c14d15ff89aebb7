"""What goes wrong on request."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Faults:
    """Each number is how many times still; `late_seconds` and `is_silent` hold until changed.

    `throttle`: a submit_sm is refused with a throttling error. `cut_on_deliver`: the connection
    breaks as soon as a deliver_sm has left. `cut_before_taking`, `cut_after_taking`: it breaks at a
    submit_sm, which is lost or taken, and has no response. `refuse_binds`: a bind is refused.
    `late_seconds`: how long a submit_sm waits for its response. `is_silent`: enquire_link is not
    answered.
    """

    throttle: int = 0
    cut_on_deliver: int = 0
    cut_before_taking: int = 0
    cut_after_taking: int = 0
    refuse_binds: int = 0
    late_seconds: float = 0.0
    is_silent: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def inject(self, asked: dict[str, Any]) -> None:
        """Set what is asked. Raises KeyError for what there is not."""
        known = {one.name for one in fields(self) if not one.name.startswith("_")}
        for name, value in asked.items():
            if name not in known:
                raise KeyError(name)
            setattr(self, name, type(getattr(self, name))(value))

    def strikes(self, name: str) -> bool:
        """Whether a fault that is counted happens now; it is then counted down."""
        with self._lock:
            left: int = getattr(self, name)
            setattr(self, name, max(0, left - 1))
            return left > 0
