"""What the door records of a turn, on its way to the transcripts.

A record goes, sealed, into a stream of Redis in the same exchange that saves the memory of the
conversation, so that it costs the citizen nothing and is there exactly if the turn is. The worker
takes it from there (worker/recording.py). Where Redis refuses, it goes to the spool.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import redis

from channels.memory import Shown
from channels.meters import ENGINE_SECONDS
from channels.reading import Own, Papers, Payload, Place, Remark, Step, TurnPage, Words
from core.messages import Answered, InboundMessage
from transcripts.turns import RecordedTurn

_INTENT: Final = re.compile(r"/(\w+)")
_NOT_TAKEN: Final = frozenset({"busy", "shed", "not_taken"})
_STEPS: Final = {
    TurnPage: "page",
    Remark: "remark",
    Payload: "choice",
    Words: "words",
    Place: "place",
    Papers: "papers",
    Own: "choice",
}


class Recording:
    """The record of one turn while it runs."""

    def __init__(self, turn: RecordedTurn, inbound: InboundMessage) -> None:
        self._turn = turn
        self._began = time.perf_counter()
        self._engine_seconds = 0.0
        self._is_forgotten = False
        turn.session_event = inbound.session_event.value
        turn.content = inbound.content.value
        self._begun = replace(turn)

    @property
    def turn(self) -> RecordedTurn:
        """What is known so far."""
        return self._turn

    def read(self, typed: str, step: Step) -> None:
        """How an input was read. Words are noted by `told`, once they are sealed."""
        self._turn.step = _STEPS[type(step)]
        if isinstance(step, (TurnPage, Payload, Own)):
            self._say(typed[:8])
        if isinstance(step, Payload):
            self._choose(step.payload)

    def told(self, text: str) -> None:
        """What the engine was told: sealed words, or a payload, of which the intent is kept."""
        if text.startswith("/"):
            self._choose(text)
        else:
            self._say(text)

    def handed(self, text: str) -> None:
        """Sealed words that a person of the staff reads, and no engine."""
        self._turn.step = "person"
        self._say(text)

    def answered(self, answered: Answered, seconds: float) -> None:
        """What the engine said, and how long it took."""
        self._engine_seconds += seconds
        ENGINE_SECONDS.observe(seconds)
        self._turn.keys += answered.keys
        self._turn.expects = answered.expects.value
        self._turn.language = answered.language or self._turn.language

    def shown(self, shown: Shown, outcome: str, text: str = "") -> None:
        """What the citizen reads for it: the screen, or another `text` of the door's own.

        An `outcome` that was noted before stays.
        """
        turn = self._turn
        turn.screens = [shown.recorded] if text in ("", shown.text) else [text]
        turn.is_open = not shown.ends
        turn.outcome = turn.outcome or outcome
        turn.milliseconds = round((time.perf_counter() - self._began) * 1000, 1)
        turn.engine_milliseconds = round(self._engine_seconds * 1000, 1)

    def overtaken(self, choice: str) -> None:
        """A choice that chooses nothing, for its citizen saw another menu by then."""
        self._turn.step, self._turn.outcome = "choice", "overtaken"
        self._say(choice)

    def failed(self, fault: Exception) -> None:
        """Note what went wrong, by its name."""
        self._turn.outcome = type(fault).__name__

    def apology(self, texts: Sequence[str], is_open: bool, outcome: str) -> None:
        """What the door said for itself, and why.

        Where nothing was taken it is a record of its own: the same message may be a turn by now, or
        become one, and what that came to must not be lost for it.
        """
        if outcome in _NOT_TAKEN:
            name, moment = self._turn.key.partition(".")[0], self._turn.at.timestamp()
            self._turn.key = f"{name}.{outcome}.{moment}"[:64]
        self._turn.screens, self._turn.is_open = list(texts), is_open
        self._turn.outcome = outcome

    def begun(self) -> bytes:
        """What is known before the engine is told, should nobody live to the end of the turn."""
        if self._is_forgotten:
            return b""
        return replace(self._turn, keys=[], outcome="unfinished").to_json()

    def forget(self) -> None:
        """The citizen had everything erased: this turn leaves no record either."""
        self._is_forgotten = True

    def so_far(self, texts: Sequence[str]) -> bytes:
        """What is known while the turn still runs and its clock has said this; nothing once taken.

        What was read of it is not: another thread is reading.
        """
        if self._is_forgotten:
            return b""
        return replace(self._begun, screens=list(texts), keys=[], outcome="late").to_json()

    def take(self) -> bytes:
        """The record as it travels, the first time it is asked for; nothing after that."""
        first, self._is_forgotten = not self._is_forgotten, True
        return self._turn.to_json() if first else b""

    @contextmanager
    def leaving(self) -> Iterator[bytes]:
        """The record as it travels; taken back where it cannot leave, for a turn that ends so."""
        record = self.take()
        try:
            yield record
        except redis.RedisError:
            self._is_forgotten = not record
            raise

    def _say(self, text: str) -> None:
        self._turn.said = f"{self._turn.said}*{text}" if self._turn.said else text

    def _choose(self, payload: str) -> None:
        named = _INTENT.match(payload)
        self._turn.choice = named.group(1)[:64] if named else ""


def a_record(inbound: InboundMessage, channel: str, **keys: Any) -> Recording:
    """The record of a message that has just arrived; `keys` are those of RecordedTurn."""
    turn = RecordedTurn(
        kind=inbound.kind.value,
        channel=channel,
        provider=inbound.channel,
        at=inbound.received_at,
        **keys,
    )
    return Recording(turn, inbound)
