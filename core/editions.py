"""Values that outlive a release: each says in which edition it is written.

    edition (1 byte) · JSON

While a service is upgraded, processes of two releases share its stores. A process that meets an
edition it does not know leaves the value as it is and tries again later, for a process of the later
release reads it; it never takes it for broken. A release that begins an edition reads it and goes
on writing the one before, which every process beside it can read; the release after it writes the
new one (docs/upgrading.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from core.errors import WrittenLater

# The mark of edition 1 is a line break, which JSON passes over: what was written before there were
# editions reads alike, and a process of that time reads what is written now.
_BEFORE_FIRST: Final = 9
# The first sign that is printed: JSON begins with such a one.
_PRINTED: Final = 32


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value: the `latest` edition known, the one it `writes`, and how others are read.

    `lifts` makes of a value of an edition one of the next.
    """

    name: str
    latest: int = 1
    writes: int = 1
    lifts: Mapping[int, Callable[[Any], Any]] = field(default_factory=dict)

    def dumps(self, value: Any) -> bytes:
        """A value as it is kept."""
        return self.mark + orjson.dumps(value)

    def loads(self, kept: bytes) -> Any:
        """The value, as the latest edition has it.

        Raises WrittenLater where only a later release reads it, JSONDecodeError where nobody does.
        """
        edition = edition_of(kept)
        if edition > self.latest:
            raise WrittenLater(f"{self.name} of edition {edition}")
        value = orjson.loads(kept[1:] if edition else kept)
        for earlier in range(max(edition, 1), self.latest):
            value = self.lifts[earlier](value)
        return value

    @property
    def mark(self) -> bytes:
        """The byte before a value that is written now."""
        return bytes((_BEFORE_FIRST + self.writes,))


def edition_of(kept: bytes) -> int:
    """The edition of a value; 0 where it was written before there were any."""
    first = kept[0] if kept else _PRINTED
    return first - _BEFORE_FIRST if _BEFORE_FIRST < first < _PRINTED else 0


MEMORY: Final = Kind("the memory of a conversation")
CAME: Final = Kind("a hop that came")
OWED: Final = Kind("what is owed")
SPOOLED: Final = Kind("what waits on the disk")
TASK: Final = Kind("the argument of a task")
TURN: Final = Kind("the record of a turn")
LETTER: Final = Kind("the record of a letter")
UNDERSTOOD: Final = Kind("what the engine understood")
MESSAGE: Final = Kind("a message of the outbox")
DRAFT: Final = Kind("a draft")
SUBMISSION: Final = Kind("what was handed in")
FILE: Final = Kind("what is known of a file")
NOTICE: Final = Kind("a notice")
VERIFICATION: Final = Kind("a verification")
HEARD: Final = Kind("where a number was heard")
# bot/engine/keeping.py has an edition of its own, and sealed values have one (core/privacy.py).
KINDS: Final = (
    MEMORY,
    OWED,
    SPOOLED,
    TASK,
    TURN,
    LETTER,
    UNDERSTOOD,
    MESSAGE,
    DRAFT,
    SUBMISSION,
    FILE,
    NOTICE,
    VERIFICATION,
    HEARD,
)
