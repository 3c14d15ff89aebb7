"""What is sent for good to the pretend registry: once for each key, under one reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from actions.registry.port import INVALID
from actions.registry.pretend.records import PretendOffice, PretendRecord, Shelf
from actions.registry.shapes import Receipt
from core.errors import RegistryError, RegistryRefused
from core.references import new_reference, read_reference


class Submissions(Shelf):
    """Receipts by idempotency key.

    While `lost` holds an error, what is sent is taken, and then the error is raised: the answer
    that got lost on its way.
    """

    def __init__(
        self,
        records: Iterable[PretendRecord],
        offices: Iterable[PretendOffice],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(records, offices, now)
        self.lost: RegistryError | None = None
        self._receipts: dict[tuple[str, str], Receipt] = {}

    def _once(self, topic: str, key: str, take: Callable[[], str]) -> Receipt:
        """The receipt given under a key before, else that of what `take` takes."""
        self._check()
        if not key:
            raise RegistryRefused(INVALID)
        receipt = self._receipts.get((topic, key))
        if receipt is None:
            receipt = self._receipts[topic, key] = Receipt(take())
        if self.lost is not None:
            raise self.lost
        return receipt


def reference_for(asked: str, is_taken: Callable[[str], bool]) -> str:
    """The reference asked for where it is well formed and free, else a new one."""
    if asked.isdecimal() and read_reference(asked) == asked and not is_taken(asked):
        return asked
    return new_reference()
