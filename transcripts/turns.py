"""A turn and a letter as they are recorded: what goes through the queue from the door to here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from core import editions

# Tokens only: never a value. Lengths are those of the tables.
_LONGEST_SAID = 1000


@dataclass(slots=True)
class RecordedTurn:
    """One turn, filled in on its way through the door (transcripts/tables.py says what is what)."""

    key: str
    name: str
    number_key: str
    kind: str
    channel: str
    provider: str
    at: datetime
    session: str = ""
    session_event: str = ""
    content: str = "text"
    step: str = ""
    said: str = ""
    choice: str = ""
    screens: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    expects: str = ""
    is_open: bool = True
    outcome: str = ""
    language: str = ""
    milliseconds: float | None = None
    engine_milliseconds: float | None = None

    def to_json(self) -> bytes:
        """The turn as it travels."""
        return editions.TURN.dumps(self)

    @classmethod
    def from_json(cls, value: bytes) -> Self:
        """The turn as it arrived. Raises KeyError, TypeError or ValueError where it is none.

        Raises WrittenLater where only a later release reads it.
        """
        read = editions.TURN.loads(value)
        return cls(**{**read, "at": datetime.fromisoformat(read["at"])})

    def columns(self) -> dict[str, Any]:
        """The columns of `turns` that the door fills."""
        row = asdict(self)
        for name in ("name", "kind", "channel", "provider"):
            del row[name]
        row["said"] = self.said[:_LONGEST_SAID]
        return row


@dataclass(frozen=True, slots=True)
class Understood:
    """What the engine made of a turn: its intent, how sure it was, and what it did."""

    key: str
    intent: str = ""
    confidence: float | None = None
    ranking: list[Any] = field(default_factory=list)
    entities: list[Any] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    programme: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of `turns` that the engine fills."""
        row = asdict(self)
        del row["key"], row["programme"]
        return row
