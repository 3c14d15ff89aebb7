"""What is kept or forgotten of a turn in the exchange that saves the memory of its conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from redis.client import Pipeline

from channels.owed import OWED, Owed
from core.privacy import Seal
from core.recorded import STREAM, TURN, UNFINISHED, close_record


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes beside a memory: it is there exactly if the memory is.

    The `record` of a turn goes to the transcripts. `begun` is what is known of the `turn` while it
    runs; without it that is forgotten. What is `owed` is added, and what was of a cause in `given`
    no more. `note` adds to the exchange what else is to be kept now. What `is_last` of a turn takes
    the lock of its conversation with it.
    """

    record: bytes = b""
    turn: str = ""
    begun: bytes = b""
    owed: tuple[Owed, ...] = ()
    given: tuple[str, ...] = ()
    note: Callable[[Pipeline], None] | None = None
    is_last: bool = False

    def keep(self, pipeline: Pipeline, seal: Seal) -> None:
        """Add it to an exchange."""
        if self.record:
            pipeline.xadd(STREAM, {TURN: close_record(seal, self.record)})
        if self.begun:
            pipeline.hset(UNFINISHED, self.turn, close_record(seal, self.begun))
        elif self.turn:
            pipeline.hdel(UNFINISHED, self.turn)
        if self.given:
            pipeline.hdel(OWED, *self.given)
        for one in self.owed:
            pipeline.hset(OWED, one.cause, one.close(seal))
        if self.note is not None:
            self.note(pipeline)


NOTHING: Final = Beside()
