"""One turn: once only, locked, what is still owed, read, sealed, told to the engine, remembered."""

from __future__ import annotations

from dataclasses import asdict, replace

from channels.apologies import Apologies
from channels.arrival import Arrival, Tools
from channels.deadline import Deadline, Said
from channels.dialogue import Dialogue
from channels.memory import Memory, Shown
from channels.port import Channel
from channels.reading import OPEN
from channels.rendering.pages import Page
from channels.sending import Sending
from channels.sessions import read_hop
from core.errors import EngineError, EngineUnavailable
from core.logs import log
from core.messages import InboundMessage, SessionEvent

_LOG = log(__name__)
_MOST_SILENCES = 3


class Turn:
    """One message on its way in and out."""

    def __init__(
        self, tools: Tools, channel: str, provider: Channel, inbound: InboundMessage
    ) -> None:
        self.deadline = Deadline()
        self._tools = tools
        self._inbound = inbound
        self._arrival = Arrival(tools, channel, provider, inbound)
        self._dialogue = Dialogue(self._arrival)
        self._sending = Sending(self._arrival)
        self._own = Apologies(tools.showing, tools.numbers, inbound.kind, self._arrival.number_key)

    def take(self) -> Said:
        """Run the turn. Raises ConversationBusy, StoreUnavailable, or what Redis raises."""
        arrival = self._arrival
        with self._tools.turn_lock.hold(
            arrival.conversation, arrival.capabilities.deadline_seconds * 0.8
        ):
            memory, was_seen = self._tools.memories.load(arrival.conversation, arrival.message)
            if was_seen and not self._begins_again(memory):
                return self._again(memory)
            try:
                shown = self._advance(memory)
            except EngineError as fault:
                shown = self._kept(memory, fault)
            return self._answer(memory, shown)

    def finish(self) -> Said:
        """Tell the engine what is still pending and say what comes of it; no new input is read.

        Raises EngineError while the engine does not answer.
        """
        conversation = self._arrival.conversation
        with self._tools.turn_lock.hold(conversation, 1.0):
            memory, _ = self._tools.memories.load(conversation, "")
            if not memory.pending:
                return Said()
            memory.shown = self._dialogue.drain(memory)
            self._tools.memories.save(conversation, memory)
            to_tap = self._sending.to_tap(memory.shown, memory.written)
            return Said((memory.shown.text,), tappable=to_tap)

    def late(self) -> Said:
        """The answer at the deadline; should this door not live to finish, the worker does."""
        if not self._arrival.is_ussd:
            self._tools.later.finish(self._arrival.channel, self._inbound.number, after_seconds=20)
        return self._own.apology("door_still_working")

    def postponed(self) -> Said:
        """The answer while an earlier turn runs: a message is taken later, a digit is not read."""
        if not self._arrival.is_ussd:
            self._tools.later.take(self._arrival.channel, asdict(self._inbound))
        return self._own.apology("door_still_working")

    def out_of_service(self) -> Said:
        """The answer when nothing can be kept."""
        return self._own.out_of_service()

    def _begins_again(self, memory: Memory) -> bool:
        """True for a gateway that gives a new call the name of an old one."""
        is_first = self._inbound.session_event is SessionEvent.NEW
        return is_first and self._arrival.message not in memory.answers

    def _again(self, memory: Memory) -> Said:
        if self._arrival.message in memory.answers:
            texts, is_open = memory.answers[self._arrival.message]
            return Said(tuple(texts), is_open)
        if self._arrival.is_ussd:
            return Said((memory.shown.text,), not memory.shown.ends)
        return Said()

    def _answer(self, memory: Memory, shown: Shown) -> Said:
        arrival = self._arrival
        memory.shown = shown
        said = Said((shown.text,), not shown.ends)
        if self.deadline.take():
            if self._sending.answer(shown, memory.written):
                said = Said()
            memory.answers[arrival.message] = (list(said.texts), said.is_open)
        elif not memory.pending:
            if arrival.is_ussd:
                memory.held, memory.held_session = shown, arrival.session
            else:
                self._sending.late(shown, memory.written)
        self._tools.memories.save(arrival.conversation, memory, arrival.message)
        return said

    def _advance(self, memory: Memory) -> Shown:
        session, is_ussd = self._arrival.session, self._arrival.is_ussd
        hop = read_hop(self._inbound, session, memory.session, memory.typed)
        if hop.is_stale:
            return memory.shown
        memory.session, memory.typed = session, hop.typed
        owed = self._owed(memory)
        if owed is not None:
            return owed
        if hop.is_new or (is_ussd and not memory.shown.pages):
            memory.shown = self._dialogue.tell(memory, OPEN)
            if not hop.is_new:
                return memory.shown
        for text in hop.inputs:
            memory.shown = self._dialogue.answer(memory, text)
        return memory.shown

    def _owed(self, memory: Memory) -> Shown | None:
        """What an earlier turn still owes; on USSD it is shown before anything new is read."""
        own = self._arrival.session
        held, memory.held = memory.held, None
        session = memory.held_session
        if memory.pending == [OPEN] and memory.pending_session != own:
            memory.pending.clear()  # this call opens for itself
        if memory.pending:
            session = memory.pending_session
            if not self._arrival.is_ussd:
                self._dialogue.leave(memory)
            held = self._dialogue.drain(memory)
        if held is not None and session != own:
            # Another call from the same phone may be another person's: it opens afresh, at the
            # code where one was sent.
            return self._dialogue.tell(memory, OPEN)
        return held

    def _kept(self, memory: Memory, fault: EngineError) -> Shown:
        channel = self._arrival.channel
        _LOG.warning("engine_failed", channel=channel, fault=type(fault).__name__)
        if not isinstance(fault, EngineUnavailable):
            memory.silences += 1
        is_given_up = memory.silences >= _MOST_SILENCES
        if is_given_up:
            # This input fails in the engine every time: it must not block those behind it.
            memory.pending.pop(0)
            memory.silences = 0
            _LOG.error("input_given_up", channel=channel)
        if memory.pending and not self._arrival.is_ussd:
            self._tools.later.finish(channel, self._inbound.number)
        said = self._own.out_of_service() if is_given_up else self._own.apology(fault.sentence)
        return replace(
            memory.shown,
            pages=(Page(said.texts[0]),),
            page=0,
            remark="",
            is_behind=False,
            is_personal=False,
            ends=not said.is_open,
        )
