"""What a call to the registry is made of, and what came of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from core.errors import RegistryAnswerUnreadable, RegistryTimeout

_TOO_LITTLE_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make; identifiers stand in its message, never in its path.

    `operation` names it in metrics and for its breaker, as `<group>.<what>`; calls of one group
    share a bulkhead. `write` makes the message anew for each attempt, because a message's name and
    time must be; without it the call is a GET. One that `is_repeatable` may reach the registry
    twice. `reasons` are codes that a refusal may give as `code` in its body. `seconds` is how long
    it may take where that is not the usual time.
    """

    operation: str
    path: str
    write: Callable[[], Mapping[str, Any]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reasons: frozenset[str] = frozenset()
    is_repeatable: bool = False
    seconds: float | None = None

    @property
    def group(self) -> str:
        """The part of the operation's name before its first dot."""
        return self.operation.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a good answer, as it came."""

    body: bytes

    def json(self) -> Any:
        """What it says, its numbers as exact Decimals. Raises RegistryAnswerUnreadable."""
        try:
            return json.loads(self.body, parse_float=Decimal)
        except (ValueError, RecursionError):
            raise RegistryAnswerUnreadable("the answer is not JSON") from None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP call and its answer, for whoever holds messages against their description."""

    method: str
    path: str
    headers: Mapping[str, str]
    sent: bytes
    status: int
    media: str
    received: bytes


Witness = Callable[[Exchange], None]


def nobody(_: Exchange) -> None:
    """No witness."""


class Deadline:
    """The time a whole call may take: places, connections, token and repetition included."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def has(self, seconds: float) -> bool:
        """Whether so many seconds are left."""
        return self._end - time.monotonic() >= seconds

    def left(self, at_most: float) -> float:
        """The seconds left, or `at_most`. Raises RegistryTimeout where there are none."""
        left = min(at_most, self._end - time.monotonic())
        if left <= _TOO_LITTLE_SECONDS:
            raise RegistryTimeout("no time is left for the call")
        return left
