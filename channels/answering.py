"""How the answer of a turn goes out: by its hop, beside it, or at the next one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from channels.arrival import Arrival
from channels.beside import Beside
from channels.deadline import Said
from channels.memory import Answer, Memory
from channels.owed import Owed, end_of
from channels.redials import farewell, is_over
from channels.sending import Sending

# Longer than Redis takes to fail: a connection that is looked at, one made anew, and a call.
_SAVING_SECONDS: Final = 3.0


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
            self._save_late(memory)
            return Said()
        said = self._said(memory)
        # What ends a call at its limit may hold what the screen holds of somebody's file.
        own = "" if memory.shown.is_personal else said.texts[0]
        recording.shown(memory.shown, "answered", own)
        is_late = self._arrival.is_late
        # With so much time it is saved, or has failed to be, before the clock strikes.
        within = self._arrival.capabilities.deadline_seconds
        leaves_first = deadline.seconds < within - _SAVING_SECONDS and deadline.leave()
        self._remember(memory, Answer(said.texts, said.is_open, is_late=is_late))
        owed = self._arrival.answer_owed(said, is_late)
        self._save(memory, owed, is_last=leaves_first)
        if not leaves_first and not deadline.leave():
            # The clock has answered while this was being saved.
            self._save_late(memory)
        return said

    def _save(
        self,
        memory: Memory,
        owed: tuple[Owed, ...] = (),
        given: str = "",
        is_last: bool = False,
    ) -> None:
        """Save it; with `owed` answers, and without one that was owed as `given`."""
        arrival = self._arrival
        # While something is pending, the end of this turn is owed still.
        over = () if memory.pending else (end_of(arrival.message),)
        over = () if arrival.is_ussd else (*over, *filter(None, [given]))
        with arrival.recording.leaving() as record:
            note = arrival.note
            beside = Beside(record, arrival.turn, owed=owed, given=over, note=note, is_last=is_last)
            self._memories.save(arrival.conversation, memory, arrival.message, beside=beside)

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

    def _save_late(self, memory: Memory) -> None:
        """Save an answer for which the clock has apologised: held for the next hop, or owed."""
        arrival = self._arrival
        self._remember(memory, Answer((), is_open=True, is_late=True))
        owed: tuple[Owed, ...] = ()
        if not memory.pending and arrival.is_ussd:
            memory.held, memory.held_session = memory.shown, arrival.session
        elif not memory.pending:
            to_tap = self._sending.to_tap(memory.shown, memory.written)
            owed = arrival.answer_owed(Said((memory.shown.text,), tappable=to_tap), is_late=True)
        self._save(memory, owed, arrival.cause(is_late=False))
        if owed:
            self._sending.owed()
