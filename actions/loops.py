"""The event loops on which actions are carried out: one for each thread, made once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Loops:
    """Runs coroutines to their end, each on the loop of the thread that asks.

    A loop of its own for every call would cost more than most actions do.
    """

    def __init__(self) -> None:
        self._of = threading.local()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work returns, or raises."""
        runner = getattr(self._of, "runner", None)
        if runner is None:
            runner = self._of.runner = asyncio.Runner()
        result: T = runner.run(work)
        return result
