"""What a provider tells of a message on its way: statuses that only ever go further. No I/O.

Reports come in any order and more than once. The furthest of them holds, so that a late or doubled
one changes nothing; that a message arrived outweighs every word that it did not.
"""

from __future__ import annotations

from typing import Final

ARRIVED: Final = frozenset({"delivered", "read"})
FAILED: Final = frozenset({"undelivered", "failed", "canceled"})
_ORDER: Final = (
    *("", "accepted", "scheduled", "queued", "sending", "sent"),
    *("undelivered", "canceled", "failed"),
    *("delivered", "read"),
)
_RANK: Final = {status: rank for rank, status in enumerate(_ORDER)}


def further(known: str, told: str) -> str:
    """The one of two statuses that is further on; a word that is no status counts for nothing."""
    return told if _RANK.get(told, 0) > _RANK.get(known, 0) else known


def is_status(word: str) -> bool:
    """True for a status that a message on its way out can have."""
    return bool(word) and word in _RANK
