"""The people of the actions' tests, and a registry that counts what it is asked about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from actions.registry.port import (
    CodeChecked,
    CodeSent,
    Household,
    Person,
    RnpStatus,
    RsuStatus,
)
from actions.registry.pretend import PretendRecord, PretendRegistry
from tests.builders import NOW, NUMBER

OTHER_NUMBER: Final = "+212698765432"
BORN: Final = date(1980, 2, 3)
KHADIJA: Final = "5839204719"  # on file with NUMBER
ZINEB: Final = "2111111116"  # on file with OTHER_NUMBER
SALMA: Final = "2222222228"  # no household
LAHCEN: Final = "4445556665"  # no phone on file
NOBODY: Final = "9999999990"
ON_USSD: Final = "session-1"


def a_person(idcs: str, phone: str | None = NUMBER, **changes: Any) -> Person:
    """A registered person born on BORN."""
    return Person(idcs, changes.pop("rnp_status", RnpStatus.REGISTERED), BORN, phone, "fr")


def a_household(**changes: Any) -> Household:
    """A household of five whose index was calculated last month."""
    fields: dict[str, Any] = {
        "rsu_status": RsuStatus.INDEX_READY,
        "size": 5,
        "index": Decimal("8.7654321"),
        "index_date": NOW.date() - timedelta(days=30),
    }
    return Household(**(fields | changes))


class CountedRegistry(PretendRegistry):
    """The pretend registry; `asked` counts the operations."""

    def __init__(self, records: list[PretendRecord], now: Callable[[], datetime]) -> None:
        super().__init__(records, now)
        self.asked: Counter[str] = Counter()

    def person(self, idcs: str, language: str) -> Person | None:
        """See `port.Registry`."""
        self.asked["person"] += 1
        return super().person(idcs, language)

    def send_code(self, idcs: str, transaction: str) -> CodeSent:
        """See `port.Registry`."""
        self.asked["send_code"] += 1
        return super().send_code(idcs, transaction)

    def confirm_code(self, idcs: str, transaction: str, code: str) -> CodeChecked:
        """See `port.Registry`."""
        self.asked["confirm_code"] += 1
        return super().confirm_code(idcs, transaction, code)
