"""One turn: once only, locked, what is still owed, read, sealed, told to the engine, remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import redis

from channels.answering import Answering
from channels.apologies import Apologies
from channels.arrival import Arrival, Tools
from channels.beside import Beside
from channels.coming import Coming
from channels.deadline import Said
from channels.dialogue import Dialogue
from channels.handed import Handed
from channels.memory import HOPS_KNOWN_SECONDS, Memory, Shown
from channels.owed import Owed, due_soon
from channels.port import Channel
from channels.reading import GO_ON, OPEN
from channels.redials import ask_to_continue, broke_off
from channels.rendering.pages import Page
from channels.repeats import is_repeated, said_before
from channels.sending import Sending
from channels.sessions import read_hop
from channels.turn_lock import Count
from core.errors import (
    ConversationBusy,
    EngineError,
    EngineUnavailable,
    StoreUnavailable,
    WrittenLater,
)
from core.logs import log
from core.messages import Expects, InboundMessage, SessionEvent
from transcripts.turns import RecordedTurn

_LOG = log(__name__)
_MOST_SILENCES = 3


class Turn:
    """One message on its way in and out."""

    def __init__(
        self, tools: Tools, channel: str, provider: Channel, inbound: InboundMessage
    ) -> None:
        self._tools = tools
        self._inbound = inbound
        self._arrival = Arrival(tools, channel, provider, inbound)
        self.deadline = self._arrival.deadline
        self._coming = Coming(self._arrival)
        self._dialogue = Dialogue(self._arrival, self._coming)
        self._answering = Answering(self._arrival)
        self._sending = Sending(self._arrival)
        self._own = Apologies(tools.showing, tools.record, inbound.kind, self._arrival.number_key)

    def take(self, counts: Sequence[Count] = (), is_late: bool = False) -> Said:
        """Run the turn; its answer goes by another message where that is late.

        All of `counts` are counted as it begins. Raises TooMany, ConversationBusy, WrittenLater,
        StoreUnavailable, or what Redis raises.
        """
        self._arrival.is_late = is_late
        arrival = self._arrival
        wait = arrival.capabilities.deadline_seconds * 0.5
        try:
            with self._coming.held(wait, counts) as (memory, was_seen):
                self._own.language = memory.written
                return self._taken(memory, was_seen)
        except (ConversationBusy, WrittenLater):
            if arrival.is_ussd and not self._is_abort:
                self._tools.memories.wait(arrival.session)
            raise

    def finish(self, cause: str) -> Said:
        """Tell the engine what is still pending and say what comes of it; no new input is read.

        It is owed under that cause until it stands in the outbox. Raises EngineError while the
        engine does not answer.
        """
        arrival, conversation = self._arrival, self._arrival.conversation
        # Each of them has a record of its own.
        arrival.recording.forget()
        with self._tools.turn_lock.hold(conversation, 1.0):
            memory, _ = self._tools.memories.load(conversation, "")
            if not memory.pending:
                return Said()
            memory.shown = self._dialogue.drain(memory)
            to_tap = self._sending.to_tap(memory.shown, memory.written)
            said = Said((memory.shown.text,), tappable=to_tap)
            number, due = self._inbound.number, due_soon(is_late=False)
            owed = Owed(cause, arrival.channel, number, due, said.texts, to_tap)
            self._tools.memories.save(conversation, memory, beside=Beside(owed=(owed,)))
            return said

    def late(self) -> Said:
        """The answer of the clock; should this door not live to its end, that is owed.

        Raises StoreUnavailable for a chat message that is not kept.
        """
        if self._is_abort:
            return Said((), is_open=False)
        if not self.deadline.is_kept:
            if not self._arrival.is_ussd:
                raise StoreUnavailable("the message was not accepted")
            return self.out_of_service()
        return self._own.apology("door_still_working")

    def postponed(self) -> Said:
        """The answer while an earlier turn runs: a message is taken later, a digit is not read."""
        if self._is_abort:
            return Said((), is_open=False)
        if self._arrival.is_ussd:
            return self._own.apology("door_busy")
        self._tools.later.take(self._arrival.channel, asdict(self._inbound))
        return self._own.apology("door_still_working")

    def shed(self) -> Said:
        """The answer where too many turns wait: a message is taken later, a hop is not."""
        if self._arrival.is_ussd and not self._is_abort:
            return self._own.ending("door_overloaded")
        return self.postponed()

    def out_of_service(self) -> Said:
        """The answer when no store answers: what became of the last input, and goodbye."""
        if self._is_abort:
            return Said((), is_open=False)
        if not self._arrival.is_ussd or self._inbound.session_event is SessionEvent.NEW:
            return self._own.ending()
        return self._own.ending("door_kept" if self.deadline.is_kept else "door_not_taken")

    def spooled(self) -> Said:
        """The answer to a chat message that waits on the disk. Raises StoreUnavailable."""
        arrival = self._arrival
        message = {"channel": arrival.channel, "message": asdict(self._inbound)}
        self._tools.spool.append({"message": message})
        return self._own.apology("door_try_again")

    @property
    def recorded(self) -> RecordedTurn:
        """What is known of the turn so far."""
        return self._arrival.recording.turn

    def record(self, said: Said, outcome: str) -> None:
        """Record a turn that ended in an apology; on the disk where Redis refuses."""
        self._arrival.recording.apology(said.texts, said.is_open, outcome)
        record = self._arrival.recording.take()
        if not record:
            return
        try:
            if outcome in ("busy", "shed"):
                self._tools.memories.record(record)
                return
        except redis.RedisError as fault:
            _LOG.warning("turn_not_recorded", fault=type(fault).__name__)
        try:
            self._tools.spool.append({"record": record.decode()})
        except StoreUnavailable as fault:
            _LOG.error("turn_not_spooled", fault=str(fault))

    def leave_unfinished(self, said: Said) -> None:
        """Note what the clock said, should the turn never end."""
        record = self._arrival.recording.so_far(said.texts)
        if not record:
            return
        try:
            self._tools.memories.unfinished(self._arrival.turn, record)
        except redis.RedisError as fault:
            # The turn records itself at its end.
            _LOG.warning("turn_not_noted", fault=type(fault).__name__)

    @property
    def _is_abort(self) -> bool:
        return self._inbound.session_event is SessionEvent.ABORT

    def _taken(self, memory: Memory, was_seen: bool) -> Said:
        arrival = self._arrival
        if self._is_abort:
            return self._hung_up(memory)
        if is_repeated(arrival, memory, was_seen):
            if not memory.pending or arrival.message in memory.answers:
                return said_before(arrival, memory)
            # Whoever took it first did not live to answer.
            take = self._dialogue.drain
        else:
            handed = Handed(arrival).take(memory)
            if handed is not None:
                return handed
            take = self._advance
        try:
            shown = take(memory)
        except EngineError as fault:
            shown = self._kept(memory, fault)
        memory.shown = shown
        return self._answering.answer(memory)

    def _hung_up(self, memory: Memory) -> Said:
        """All is kept already; a call that follows soon may continue this one."""
        arrival = self._arrival
        if memory.session == arrival.session:
            memory.heard_at = arrival.at
            arrival.recording.apology((), is_open=False, outcome="answered")
            with arrival.recording.leaving() as record:
                self._tools.memories.save(arrival.conversation, memory, beside=Beside(record))
        return Said((), is_open=False)

    def _advance(self, memory: Memory) -> Shown:
        arrival = self._arrival
        own = self._inbound
        hop = read_hop(own, arrival.session, memory.session, memory.typed, memory.step)
        longest = max(HOPS_KNOWN_SECONDS, arrival.capabilities.session_seconds)
        is_past = arrival.is_ussd and arrival.at - memory.began > longest
        if hop.is_stale or (is_past and not hop.is_new):
            return memory.shown
        memory.session, memory.typed, memory.step = arrival.session, hop.typed, own.step
        if hop.is_new:
            memory.began, memory.dialled = arrival.at, []
        was_owed = bool(memory.pending or memory.held)
        owed = self._owed(memory)
        if owed is not None:
            memory.shown = owed
            return self._dialled_on(memory)
        if hop.is_new and not was_owed and not self._has_waited():
            memory.dialled = list(hop.inputs)
        if hop.is_new or (arrival.is_ussd and not memory.shown.pages):
            memory.shown = self._opened(memory)
        else:
            memory.shown = self._dialogue.answer(memory, hop.inputs[0])
        return self._dialled_on(memory)

    def _opened(self, memory: Memory) -> Shown:
        """The first screen of a call. What was dialled behind the service code is a wish anew."""
        is_wish = bool(memory.dialled)
        if not is_wish and broke_off(memory, self._arrival.at, self._tools.redial_seconds):
            return ask_to_continue(memory, self._tools.showing)
        return self._dialogue.tell(memory, OPEN)

    def _dialled_on(self, memory: Memory) -> Shown:
        """Choose from the menus what was dialled, once a language is known.

        A question, or a choice that is not there, ends it: what is asked must be read first.
        """
        while memory.dialled and memory.language:
            shown = memory.shown
            if shown.form or shown.remark or shown.expects is not Expects.MENU:
                memory.dialled.clear()
            else:
                memory.shown = self._dialogue.answer(memory, memory.dialled.pop(0))
        return memory.shown

    def _has_waited(self) -> bool:
        """True where the first hop of this call was told to wait: this one goes on from there."""
        is_marked = self._inbound.session_event is SessionEvent.NEW
        return not is_marked and self._tools.memories.has_waited(self._arrival.session)

    def _owed(self, memory: Memory) -> Shown | None:
        """What an earlier turn still owes this call; it is shown before anything new is read."""
        own = self._arrival.session
        held, memory.held = memory.held, None
        session = memory.held_session
        if memory.pending in ([OPEN], [GO_ON]) and memory.pending_session != own:
            memory.pending.clear()  # this call opens for itself
        if memory.pending:
            session = memory.pending_session
            if not self._arrival.is_ussd:
                self._dialogue.leave(memory)
            held = self._dialogue.drain(memory)
        if held is not None and session != own:
            # Another call from the same phone may be another person's: it opens for itself.
            memory.shown = held
            return self._opened(memory)
        return held

    def _kept(self, memory: Memory, fault: EngineError) -> Shown:
        channel = self._arrival.channel
        self._arrival.recording.failed(fault)
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
        said = self._own.ending() if is_given_up else self._own.apology(fault.sentence)
        return replace(
            memory.shown,
            pages=(Page(said.texts[0]),),
            page=0,
            remark="",
            is_behind=False,
            is_personal=False,
            ends=not said.is_open,
        )
