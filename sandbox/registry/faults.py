"""Faults on demand: what a registry may do wrong, done to calls on purpose.

A fault is for the calls whose path fits a pattern (`/registry/sync/search`, `/counter/*`, `*`),
with a probability and perhaps a number of times. It is given by the setting `SANDBOX_FAULTS`, by an
operator, or by one call for itself in the header `X-Sandbox-Fault`. The controls under `/sandbox`
and the health are never disturbed.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import SettingsFaulty

HEADER: Final = "HTTP_X_SANDBOX_FAULT"
# The header by which a call carries that its search is to be pending, and for how many seconds.
PENDING: Final = "X-Sandbox-Pending"
_NEVER: Final = ("/sandbox*", "/health")

Kind = Literal["latency", "error", "malformed", "drip", "reset", "lost", "correlation", "pending"]


class Fault(BaseModel):
    """One kind of fault.

    latency: the answer comes `seconds` later. error: HTTP `status` and nothing done. malformed: the
    answer ends in the middle. drip: it comes in pieces over `seconds`. reset: the connection is cut
    and nothing done; lost: it is cut after the work was done. correlation: the answer belongs to
    another call. pending: a search is answered as not final, and found later by its transaction.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: str = Field("*", min_length=1, max_length=100)
    kind: Kind
    probability: float = Field(1.0, gt=0, le=1)
    count: Annotated[int, Field(ge=1)] | None = None
    seconds: float = Field(1.0, ge=0, le=120)
    status: int = Field(500, ge=400, le=599)


class Faults:
    """The faults of a process; which calls they strike is drawn by a seed."""

    def __init__(self, known: Iterable[Fault] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # nosec B311
        self._left: list[tuple[Fault, int | None]] = []
        for fault in known:
            self.add(fault)

    def all(self) -> list[Fault]:
        """Those that can still strike, with how often."""
        with self._lock:
            return [fault.model_copy(update={"count": left}) for fault, left in self._left]

    def add(self, fault: Fault) -> None:
        """One more."""
        with self._lock:
            self._left.append((fault, fault.count))

    def clear(self) -> None:
        """None any more."""
        with self._lock:
            self._left.clear()

    def strike(self, path: str, asked: str = "") -> Fault | None:
        """The fault that strikes a call, which may ask for one itself."""
        if any(fnmatchcase(path, never) for never in _NEVER):
            return None
        if asked:
            return _of_one_call(asked)
        with self._lock:
            for place, (fault, left) in enumerate(self._left):
                if not _fits(path, fault.operation):
                    continue
                if fault.probability < 1 and self._random.random() >= fault.probability:
                    continue
                if left is not None:
                    self._left[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                return fault
        return None


def read_faults(text: str) -> list[Fault]:
    """The faults of the setting: `kind` or `kind;name=value;…`, a comma between them.

    Raises SettingsFaulty.
    """
    found = []
    for one in filter(None, (part.strip() for part in text.split(","))):
        fault = _read(one)
        if fault is None:
            raise SettingsFaulty([f"SANDBOX_FAULTS: {one}"])
        found.append(fault)
    return found


def _of_one_call(asked: str) -> Fault | None:
    """What a call asks for; words that nobody understands ask for nothing."""
    return _read(asked)


def _read(text: str) -> Fault | None:
    kind, *others = (part.strip() for part in text.split(";"))
    values = dict(other.partition("=")[::2] for other in others)
    try:
        return Fault.model_validate({"kind": kind, **values})
    except ValidationError:
        return None


def _fits(path: str, pattern: str) -> bool:
    """Whether a path fits, wherever the registry's base is."""
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"*{pattern}")
