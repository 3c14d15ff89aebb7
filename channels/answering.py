"""How the answer of a turn goes out: by its hop, beside it, or at the next one."""

from __future__ import annotations

from dataclasses import replace

from channels.arrival import Arrival
from channels.deadline import Said
from channels.memory import Answer, Memory
from channels.redials import farewell, is_over
from channels.sending import Sending


class Answering:
    """The end of one turn. Its methods may raise StoreUnavailable, or what Redis raises."""

    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        self._memories = arrival.tools.memories
        self._sending = Sending(arrival)

    def answer(self, memory: Memory) -> Said:
        """Save what is shown, and say it; where the clock was faster it is held or sent."""
        deadline = self._arrival.deadline
        memory.heard_at = self._arrival.at
        recording = self._arrival.recording
        if not deadline.take():
            recording.shown(memory.shown, "late")
            self._hold(memory)
            self._save(memory)
            return Said()
        said = self._said(memory)
        # What ends a call at its limit may hold what the screen holds of somebody's file.
        own = "" if memory.shown.is_personal else said.texts[0]
        recording.shown(memory.shown, "answered", own)
        self._remember(memory, Answer(said.texts, said.is_open))
        self._save(memory)
        if not deadline.leave():
            # The clock has answered while this was being saved.
            self._hold(memory)
            self._save(memory)
        return said

    def _save(self, memory: Memory) -> None:
        arrival = self._arrival
        record = arrival.recording.take()
        self._memories.save(
            arrival.conversation,
            memory,
            arrival.message,
            record=record,
            turn=arrival.turn,
            beside=arrival.note,
        )

    def _remember(self, memory: Memory, answer: Answer) -> None:
        at = self._arrival.at + self._arrival.deadline.answered_after
        memory.remember(self._arrival.message, replace(answer, at=at))

    def _said(self, memory: Memory) -> Said:
        arrival, tools, shown = self._arrival, self._arrival.tools, memory.shown
        if (
            arrival.is_ussd
            and not shown.ends
            and is_over(memory, arrival.at, arrival.capabilities, tools.closing_seconds)
        ):
            return Said((farewell(memory, tools.showing, arrival.capabilities),), is_open=False)
        to_tap = self._sending.to_tap(shown, memory.written)
        return Said((shown.text,), not shown.ends, to_tap)

    def _hold(self, memory: Memory) -> None:
        """Keep an answer for which the clock has apologised, or send it."""
        self._remember(memory, Answer((), is_open=True, is_late=True))
        if memory.pending:
            return
        if self._arrival.is_ussd:
            memory.held, memory.held_session = memory.shown, self._arrival.session
        else:
            self._sending.late(memory.shown, memory.written)
