"""What is said in one turn: an input read against the screen it answers, and what comes of it.

Everything goes through the memory's pending inputs: each is kept before the engine is told, and
leaves when the engine has answered.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from channels.arrival import Arrival
from channels.beside import Beside
from channels.coming import Coming
from channels.forwarding import Forwarding
from channels.listening import listen
from channels.memory import Memory, Shown
from channels.owed import end_of
from channels.reading import (
    CONTINUE,
    DO_NOT_SEND,
    GO_ON,
    OPEN,
    SEND,
    SEND_ANYWAY,
    Input,
    Own,
    Papers,
    Payload,
    Place,
    Remark,
    Step,
    TurnPage,
    Words,
    read,
    send_document,
    share,
    take_up,
)
from channels.sealing import Question, seal_text
from channels.sending import Sending
from core.errors import EngineSilent, StoreUnavailable, TokenRefused
from core.messages import Answered


class Dialogue:
    """The words of one turn. Every method may raise EngineError, StoreUnavailable or RedisError."""

    def __init__(self, arrival: Arrival, coming: Coming) -> None:
        self._arrival = arrival
        self._coming = coming
        self._tools = arrival.tools
        self._sending = Sending(arrival)
        self._forwarding = Forwarding(arrival)
        self._given = 0

    def answer(self, memory: Memory, text: str) -> Shown:
        """Read an input of this message and show what it leads to."""
        given = replace(Input.of(self._arrival.inbound), text=text)
        step = self._read(given, memory)
        self._arrival.recording.read(text, step)
        self._discard(given, step)
        return self._act(memory, step)

    def tell(self, memory: Memory, text: str) -> Shown:
        """Tell the engine a text of this session, behind what is pending already."""
        self._add(memory, text)
        memory.behind = None
        memory.pending_session = self._arrival.session
        return self.drain(memory)

    def leave(self, memory: Memory) -> None:
        """Leave this message behind those pending: it is read when its turn comes.

        It then answers the screen that those before it lead to.
        """
        given = Input.of(self._arrival.inbound)
        self._add(memory, given.put_off(self._tools.longest_message))

    def drain(self, memory: Memory) -> Shown:
        """Tell the engine every pending input, once it is safe that none can be lost.

        What it has not answered stays pending. Where the citizen was told already that nothing was
        taken, nothing is.
        """
        if not self._coming.keep():
            self._save_first(memory)
        while memory.pending:
            given = take_up(memory.pending[0])
            if given is not None:
                self._read_pending(memory, given)
                continue
            shown = self._told(memory, memory.pending[0])
            self._coming.moves_on()
            memory.pending.pop(0)
            memory.silences = 0
            memory.shown = shown
        return memory.shown

    def _save_first(self, memory: Memory) -> None:
        self._save(memory)
        if not self._arrival.deadline.keep():
            del memory.pending[len(memory.pending) - self._given :]
            arrival = self._arrival
            beside = Beside(turn=arrival.turn, given=(end_of(arrival.message),))
            self._tools.memories.take_back(arrival.conversation, memory, arrival.message, beside)
            raise StoreUnavailable("the memory was saved too late")

    def _add(self, memory: Memory, text: str) -> None:
        memory.pending.append(text)
        self._given += 1

    def _save(self, memory: Memory) -> None:
        arrival = self._arrival
        begun, owed = arrival.recording.begun(), arrival.end_owed()
        # Without a record of its own it leaves that of another alone.
        turn = arrival.turn if begun else ""
        beside = Beside(turn=turn, begun=begun, owed=owed, note=arrival.note)
        self._tools.memories.save(arrival.conversation, memory, arrival.message, beside=beside)

    def _read(self, given: Input, memory: Memory) -> Step:
        return read(given, self._arrival.kind, memory.shown, self._tools.longest_message)

    def _act(self, memory: Memory, step: Step) -> Shown:
        if isinstance(step, TurnPage):
            return replace(memory.shown, page=step.page, remark="", is_behind=False)
        if isinstance(step, Own):
            return self._act_alone(memory, step.choice)
        if isinstance(step, Remark):
            shown = memory.shown if memory.shown.pages else self.tell(memory, OPEN)
            arrival = self._arrival
            return self._tools.showing.remark(
                step.key, shown, arrival.kind, arrival.capabilities, memory.written
            )
        return self.tell(memory, self._said_to_engine(memory, step))

    def _act_alone(self, memory: Memory, choice: str) -> Shown:
        """Do what the door itself offered."""
        if choice == SEND:
            return self._forwarding.asked(memory)
        if choice in (SEND_ANYWAY, DO_NOT_SEND):
            return self._forwarding.answered(memory, choice)
        return self.tell(memory, GO_ON if choice == CONTINUE else OPEN)

    def _said_to_engine(self, memory: Memory, step: Payload | Words | Place | Papers) -> str:
        tools, conversation = self._tools, self._arrival.conversation
        if isinstance(step, Payload):
            return step.payload
        if isinstance(step, Place):
            return share(tools.vault.put(step.text, "place", conversation))
        if isinstance(step, Papers):
            sent = self._sending.as_sent(step.media)
            return send_document(tools.vault.put(sent, "document", conversation))
        question = Question(memory.shown.expects, memory.shown.purpose)
        return seal_text(step.text, question, tools.vault, conversation, tools.services) or "?"

    def _read_pending(self, memory: Memory, given: Input) -> None:
        memory.pending.pop(0)
        step = self._read(given, memory)
        self._arrival.recording.read(given.text, step)
        self._discard(given, step)
        if isinstance(step, (Payload, Words, Place, Papers)):
            memory.pending.insert(0, self._said_to_engine(memory, step))
            self._save(memory)
        else:
            memory.shown = self._act(memory, step)

    def _discard(self, given: Input, step: Step) -> None:
        """Have the provider forget files that nothing here can read, such as a voice note."""
        if given.media and not isinstance(step, Papers):
            self._sending.discard(given.media)

    def _told(self, memory: Memory, text: str) -> Shown:
        arrival, showing = self._arrival, self._tools.showing
        goes_on = text == GO_ON
        arrival.recording.told(OPEN if goes_on else text)
        began = time.perf_counter()
        answered = self._tools.engine.tell(
            arrival.conversation,
            arrival.kind,
            OPEN if goes_on else text,
            memory.pending_session,
            goes_on=goes_on,
            turn=arrival.turn,
        )
        arrival.recording.answered(answered, time.perf_counter() - began)
        if text == OPEN:
            # The language is the number's to know: it may have been forgotten there.
            memory.language = ""
        remark = listen(memory, answered, self._tools.numbers, arrival.number_key)
        if answered.forgets:
            # The call ends with it: what was typed and shown before goes with all else.
            arrival.forget()
            memory.answers.clear()
            memory.session = memory.typed = ""
        first = showing.sentence(remark[0], arrival.kind, remark[1]) if remark else ""
        try:
            texts = showing.messages(answered, arrival.conversation, memory.language)
            self._sending.by_sms(texts)
            return self._shown(memory, answered, first)
        except TokenRefused:
            raise EngineSilent("a reply holds what no screen may show") from None

    def _shown(self, memory: Memory, answered: Answered, first: str) -> Shown:
        """The answer on its pages, what has no room there on its way by SMS."""
        arrival = self._arrival
        lay_out = partial(
            self._tools.showing.show,
            answered,
            arrival.kind,
            arrival.capabilities,
            arrival.conversation,
            memory.written,
            first,
        )
        shown = lay_out(self._tools.most_pages if self._forwarding.can_send() else 0)
        if shown.rest and not self._forwarding.rest(memory, shown):
            return lay_out(0)
        return replace(shown, rest="")
