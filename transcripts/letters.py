"""A message that went out by itself, as it is recorded, and what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Self

from core import editions

UNDELIVERED: Final = ("undelivered", "failed", "dead")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message; `author` is `service`, or the staff account that wrote it.

    `text` is masked. The same `key` again changes `state`, `code` and `settled` alone.
    """

    key: str
    name: str
    number_key: str
    kind: str
    channel: str
    provider: str
    at: datetime
    author: str = "service"
    text: str = ""
    outbox_id: int | None = None
    state: str = "queued"
    code: str = ""
    settled: datetime | None = None

    def to_json(self) -> bytes:
        """The letter as it travels."""
        return editions.LETTER.dumps(self)

    @classmethod
    def from_json(cls, value: bytes) -> Self:
        """The letter as it arrived. Raises KeyError, TypeError or ValueError where it is none.

        Raises WrittenLater where only a later release reads it.
        """
        read = editions.LETTER.loads(value)
        for name in ("at", "settled"):
            read[name] = datetime.fromisoformat(read[name]) if read[name] else None
        return cls(**read)

    def columns(self) -> dict[str, Any]:
        """The columns of `letters`."""
        row = asdict(self)
        for name in ("name", "kind", "channel", "provider"):
            del row[name]
        return row
