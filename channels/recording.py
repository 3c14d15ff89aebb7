"""What the door records of a turn, on its way to the transcripts.

A record is sealed and goes into a stream of Redis in the same exchange that saves the memory of the
conversation, so that it costs the citizen nothing and is there exactly if the turn is. The worker
takes it from there (worker/recording.py). Where Redis refuses, it goes to the spool.
"""

from __future__ import annotations

import re
import time
from typing import Any, Final

import redis
from redis.client import Pipeline

from channels.memory import Shown
from channels.reading import Own, Payload, Place, Remark, Step, TurnPage, Words
from core.messages import Answered, InboundMessage
from core.privacy import Seal
from core.recorded import STREAM, TURN, close_record
from transcripts.turns import RecordedTurn

_INTENT: Final = re.compile(r"/(\w+)")
_STEPS: Final = {
    TurnPage: "page",
    Remark: "remark",
    Payload: "choice",
    Words: "words",
    Place: "place",
    Own: "choice",
}


class Recording:
    """The record of one turn while it runs."""

    def __init__(self, turn: RecordedTurn, inbound: InboundMessage) -> None:
        self._turn = turn
        self._began = time.perf_counter()
        self._engine_seconds = 0.0
        turn.session_event = inbound.session_event.value
        turn.content = inbound.content.value

    def read(self, typed: str, step: Step) -> None:
        """How an input was read. Words are noted by `told`, once they are sealed."""
        self._turn.step = _STEPS[type(step)]
        if isinstance(step, (TurnPage, Payload)):
            self._say(typed[:8])
        if isinstance(step, Payload):
            self._choose(step.payload)

    def told(self, text: str) -> None:
        """What the engine was told: sealed words, or a payload, of which the intent is kept."""
        if text.startswith("/"):
            self._choose(text)
        else:
            self._say(text)

    def answered(self, answered: Answered, seconds: float) -> None:
        """What the engine said, and how long it took."""
        self._engine_seconds += seconds
        self._turn.keys += answered.keys
        self._turn.expects = answered.expects.value
        self._turn.language = answered.language or self._turn.language

    def shown(self, shown: Shown, outcome: str) -> None:
        """What the citizen reads for it. An `outcome` that was noted before stays."""
        turn = self._turn
        turn.screens = [shown.recorded]
        turn.is_open = not shown.ends
        turn.outcome = turn.outcome or outcome
        turn.milliseconds = round((time.perf_counter() - self._began) * 1000, 1)
        turn.engine_milliseconds = round(self._engine_seconds * 1000, 1)

    def failed(self, fault: Exception) -> None:
        """Note what went wrong, by its name."""
        self._turn.outcome = type(fault).__name__

    def add_to(self, pipeline: Pipeline, seal: Seal) -> None:
        """Put the record into an exchange with Redis."""
        pipeline.xadd(STREAM, {TURN: close_record(seal, self._turn.to_json())})

    def close(self, seal: Seal) -> bytes:
        """The record sealed, for the spool."""
        return close_record(seal, self._turn.to_json())

    def put(self, store: redis.Redis, seal: Seal) -> None:
        """Record a turn that saves nothing else. Raises what Redis raises."""
        store.xadd(STREAM, {TURN: close_record(seal, self._turn.to_json())})

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
