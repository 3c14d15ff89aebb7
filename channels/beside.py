"""What is kept or forgotten of a turn in the exchange that saves the memory of its conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from channels.owed import OWED, Owed
from core.privacy import Seal
from core.recorded import STREAM, TURN, UNFINISHED, close_record
from core.stores import Command


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes beside a memory: it is there exactly if the memory is.

    The `record` of a turn goes to the transcripts. `begun` is what is known of the `turn` while it
    runs; without it that is forgotten. What is `owed` is added, and what was of a cause in `given`
    no more. `note` tells what else is to be kept in that exchange. What `is_last` of a turn takes
    the lock of its conversation with it.
    """

    record: bytes = b""
    turn: str = ""
    begun: bytes = b""
    owed: tuple[Owed, ...] = ()
    given: tuple[str, ...] = ()
    note: Callable[[], Iterable[Command]] | None = None
    is_last: bool = False

    def commands(self, seal: Seal) -> Iterator[Command]:
        """What it adds to an exchange."""
        if self.record:
            yield "XADD", STREAM, "*", TURN, close_record(seal, self.record)
        if self.begun:
            yield "HSET", UNFINISHED, self.turn, close_record(seal, self.begun)
        elif self.turn:
            yield "HDEL", UNFINISHED, self.turn
        if self.given:
            yield "HDEL", OWED, *self.given
        for one in self.owed:
            yield "HSET", OWED, one.cause, one.close(seal)
        if self.note is not None:
            yield from self.note()


NOTHING: Final = Beside()
