"""A sealed identifier that staff asked to see: the task that opens it, and where it waits.

The console can open no token of a citizen's: it asks the worker, which leaves the value here,
sealed anew for one look by the one who asked.
"""

from __future__ import annotations

from typing import Final, cast

import redis

from core.errors import TokenRefused
from core.privacy import Seal

# Its argument: view, staff, conversation, token, purpose.
REVEAL: Final = "worker.revealing.reveal"
_SECONDS: Final = 60
_SEEN: Final = b"-"


class Revealed:
    """What was opened for staff. Every method may raise what Redis raises."""

    def __init__(self, store: redis.Redis, seal: Seal) -> None:
        self._store = store
        self._seal = seal

    def leave(self, view: str, staff: str, value: str | None) -> None:
        """Leave a value for one look within a minute; None where there is none any more."""
        sealed = self._seal.close(value.encode(), _context(view, staff)) if value else b""
        self._store.set(f"revealed:{view}", sealed, ex=_SECONDS)

    def look(self, view: str, staff: str) -> str | None:
        """The value, once; empty where it is gone for good; None where it is not there (yet).

        Raises TokenRefused where it was looked at already, or somebody else asked for it.
        """
        key = f"revealed:{view}"
        sealed = cast("bytes | None", self._store.get(key))
        if not sealed:
            return None if sealed is None else ""
        value = self._seal.open(sealed, _context(view, staff)).decode()
        # Of two looks at once one is the first.
        if self._store.set(key, _SEEN, xx=True, get=True, ex=_SECONDS) != sealed:
            raise TokenRefused("it was looked at already")
        return value


def _context(view: str, staff: str) -> str:
    return f"revealed|{view}|{staff}"
