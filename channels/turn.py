"""One turn: once only, locked, what is still owed, read, sealed, told to the engine, remembered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from channels.apologies import Apologies
from channels.deadline import Deadline, Said
from channels.engine import Engine
from channels.listening import listen
from channels.memory import Memories, Memory, Shown
from channels.port import Provider
from channels.reading import (
    OPEN,
    Payload,
    Place,
    Remark,
    Step,
    TurnPage,
    Words,
    read_input,
    share,
)
from channels.rendering.pages import Page
from channels.sealing import Question, seal_text
from channels.sessions import read_hop
from channels.showing import Showing
from channels.stop_words import read_stop_word
from channels.turn_lock import TurnLock
from channels.worker import Later
from core.errors import (
    EngineError,
    EngineSilent,
    EngineUnavailable,
    StoreUnavailable,
    TokenRefused,
)
from core.logs import log
from core.messages import ChannelKind, Content, InboundMessage, SessionEvent
from core.privacy import Pseudonyms
from core.reach import Reach
from core.short_words import ShortWords
from core.vault import Vault
from records.people import Numbers

_LOG = log(__name__)
_MOST_SILENCES = 3
# Marks a pending input that is not read yet; nothing told to the engine begins like this.
AS_TYPED = "\x00"


@dataclass(frozen=True, slots=True)
class Tools:
    """All that a turn works with; `text_channel` is the name of the one that sends SMS, if any."""

    turn_lock: TurnLock
    memories: Memories
    engine: Engine
    vault: Vault
    showing: Showing
    later: Later
    pseudonyms: Pseudonyms
    numbers: Numbers
    reach: Reach
    services: ShortWords
    longest_message: int
    text_channel: str = ""


class Turn:
    """One message on its way in and out."""

    def __init__(
        self, tools: Tools, channel: str, provider: Provider, inbound: InboundMessage
    ) -> None:
        self.deadline = Deadline()
        self._tools = tools
        self._channel = channel
        self._provider = provider
        self._inbound = inbound
        self._number_key = tools.pseudonyms.number(inbound.number)
        self._conversation = f"{inbound.kind.value}-{self._number_key}"
        self._message = tools.pseudonyms.event(f"{channel}:{self._number_key}:{inbound.message_id}")
        session = inbound.session_id
        self._session = tools.pseudonyms.event(f"{channel}:{session}") if session else ""
        self._is_ussd = inbound.kind is ChannelKind.USSD
        self._own = Apologies(tools.showing, tools.numbers, inbound.kind, self._number_key)

    def take(self) -> Said:
        """Run the turn. Raises ConversationBusy, StoreUnavailable, or what Redis raises."""
        wait = self._provider.capabilities.deadline_seconds * 0.8
        with self._tools.turn_lock.hold(self._conversation, wait):
            memory, was_seen = self._tools.memories.load(self._conversation, self._message)
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
        with self._tools.turn_lock.hold(self._conversation, 1.0):
            memory, _ = self._tools.memories.load(self._conversation, "")
            if not memory.pending:
                return Said()
            memory.shown = self._drain(memory)
            self._tools.memories.save(self._conversation, memory)
            return Said((memory.shown.text,))

    def late(self) -> Said:
        """The answer at the deadline; should this door not live to finish, the worker does."""
        if not self._is_ussd:
            self._tools.later.finish(self._channel, self._inbound.number, after_seconds=20)
        return self._own.apology("door_still_working")

    def postponed(self) -> Said:
        """The answer while an earlier turn runs: a message is taken later, a digit is not read."""
        if not self._is_ussd:
            self._tools.later.take(self._channel, asdict(self._inbound))
        return self._own.apology("door_still_working")

    def out_of_service(self) -> Said:
        """The answer when nothing can be kept."""
        return self._own.out_of_service()

    def _begins_again(self, memory: Memory) -> bool:
        """True for a gateway that gives a new call the name of an old one."""
        is_first = self._inbound.session_event is SessionEvent.NEW
        return is_first and self._message not in memory.answers

    def _again(self, memory: Memory) -> Said:
        if self._message in memory.answers:
            texts, is_open = memory.answers[self._message]
            return Said(tuple(texts), is_open)
        return Said((memory.shown.text,), not memory.shown.ends) if self._is_ussd else Said()

    def _answer(self, memory: Memory, shown: Shown) -> Said:
        memory.shown = shown
        said = Said((shown.text,), not shown.ends)
        if self.deadline.take():
            memory.answers[self._message] = (list(said.texts), said.is_open)
        elif not memory.pending:
            if self._is_ussd:
                memory.held, memory.held_session = shown, self._session
            else:
                self._tools.later.deliver(self._channel, self._inbound.number, shown.text)
        self._tools.memories.save(self._conversation, memory, self._message)
        return said

    def _advance(self, memory: Memory) -> Shown:
        hop = read_hop(self._inbound, self._session, memory.session, memory.typed)
        if hop.is_stale:
            return memory.shown
        memory.session, memory.typed = self._session, hop.typed
        owed = self._owed(memory)
        if owed is not None:
            return owed
        if hop.is_new or (self._is_ussd and not memory.shown.pages):
            memory.shown = self._tell(memory, OPEN)
            if not hop.is_new:
                return memory.shown
        for text in hop.inputs:
            memory.shown = self._act(memory, self._read(text, self._inbound.content, memory))
        return memory.shown

    def _owed(self, memory: Memory) -> Shown | None:
        """What an earlier turn still owes; on USSD it is shown before anything new is read."""
        held, memory.held = memory.held, None
        session = memory.held_session
        if memory.pending == [OPEN] and memory.pending_session != self._session:
            memory.pending.clear()  # this call opens for itself
        if memory.pending:
            session = memory.pending_session
            if not self._is_ussd and self._inbound.content is Content.TEXT:
                # It is read when its turn comes, against the screen it will then answer.
                memory.pending.append(AS_TYPED + self._inbound.text[: self._tools.longest_message])
            held = self._drain(memory)
        if held is not None and session != self._session:
            # Another call from the same phone may be another person's: it opens afresh, at the
            # code where one was sent.
            return self._tell(memory, OPEN)
        return held

    def _read(self, text: str, content: Content, memory: Memory) -> Step:
        asked = read_stop_word(text, self._inbound.kind) if content is Content.TEXT else None
        if asked is not None:
            return Payload(asked)
        return read_input(text, content, memory.shown, self._tools.longest_message)

    def _act(self, memory: Memory, step: Step) -> Shown:
        if isinstance(step, TurnPage):
            return replace(memory.shown, page=step.page, remark="", is_behind=False)
        if isinstance(step, Remark):
            shown = memory.shown if memory.shown.pages else self._tell(memory, OPEN)
            return self._tools.showing.remark(
                step.key, shown, self._inbound.kind, self._provider.capabilities, memory.written
            )
        return self._tell(memory, self._said_to_engine(memory, step))

    def _said_to_engine(self, memory: Memory, step: Payload | Words | Place) -> str:
        if isinstance(step, Payload):
            return step.payload
        if isinstance(step, Place):
            return share(self._tools.vault.put(step.text, "place", self._conversation))
        question = Question(memory.shown.expects, memory.shown.purpose)
        tools = self._tools
        return (
            seal_text(step.text, question, tools.vault, self._conversation, tools.services) or "?"
        )

    def _tell(self, memory: Memory, text: str) -> Shown:
        memory.pending.append(text)
        memory.pending_session = self._session
        return self._drain(memory)

    def _drain(self, memory: Memory) -> Shown:
        """Tell the engine every pending input, once it is safe that none can be lost.

        Raises EngineError; what it has not answered stays pending.
        """
        self._tools.memories.save(self._conversation, memory, self._message)
        while memory.pending:
            if memory.pending[0].startswith(AS_TYPED):
                self._read_pending(memory)
                continue
            shown = self._told(memory, memory.pending[0])
            memory.pending.pop(0)
            memory.silences = 0
            memory.shown = shown
        return memory.shown

    def _read_pending(self, memory: Memory) -> None:
        typed = memory.pending.pop(0).removeprefix(AS_TYPED)
        step = self._read(typed, Content.TEXT, memory)
        if isinstance(step, (Payload, Words)):
            memory.pending.insert(0, self._said_to_engine(memory, step))
            self._tools.memories.save(self._conversation, memory, self._message)
        else:
            memory.shown = self._act(memory, step)

    def _told(self, memory: Memory, text: str) -> Shown:
        answered = self._tools.engine.tell(
            self._conversation, self._inbound.kind, text, memory.pending_session
        )
        remark = listen(memory, answered, self._tools.numbers, self._number_key)
        if answered.forgets:
            # The call ends with it: what was typed and shown before goes with all else.
            memory.answers.clear()
            memory.session = memory.typed = ""
        try:
            self._text(self._tools.showing.messages(answered, self._conversation, memory.language))
            return self._tools.showing.show(
                answered,
                self._inbound.kind,
                self._provider.capabilities,
                self._conversation,
                memory.written,
                self._tools.showing.sentence(remark[0], self._inbound.kind, remark[1])
                if remark
                else "",
            )
        except TokenRefused:
            raise EngineSilent("a reply holds what no screen may show") from None

    def _text(self, messages: tuple[str, ...]) -> None:
        """Send by SMS what goes out beside the answer, to the number that asks."""
        for text in messages if self._tools.text_channel else ():
            try:
                self._tools.later.deliver(self._tools.text_channel, self._inbound.number, text)
            except StoreUnavailable:
                # The answer itself says the same.
                _LOG.warning("message_not_queued", channel=self._channel)

    def _kept(self, memory: Memory, fault: EngineError) -> Shown:
        _LOG.warning("engine_failed", channel=self._channel, fault=type(fault).__name__)
        if not isinstance(fault, EngineUnavailable):
            memory.silences += 1
        is_given_up = memory.silences >= _MOST_SILENCES
        if is_given_up:
            # This input fails in the engine every time: it must not block those behind it.
            memory.pending.pop(0)
            memory.silences = 0
            _LOG.error("input_given_up", channel=self._channel)
        if memory.pending and not self._is_ussd:
            self._tools.later.finish(self._channel, self._inbound.number)
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
