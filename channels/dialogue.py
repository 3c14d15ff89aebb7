"""What is said in one turn: an input read against the screen it answers, and what comes of it.

Everything goes through the memory's pending inputs: each is kept before the engine is told, and
leaves when the engine has answered.
"""

from __future__ import annotations

from dataclasses import replace

from channels.arrival import Arrival
from channels.listening import listen
from channels.memory import Memory, Shown
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
from channels.sealing import Question, seal_text
from channels.stop_words import read_stop_word
from core.errors import EngineSilent, StoreUnavailable, TokenRefused
from core.logs import log
from core.messages import Content

_LOG = log(__name__)
# Marks a pending input that is not read yet; nothing told to the engine begins like this.
_AS_TYPED = "\x00"


class Dialogue:
    """The words of one turn. Every method may raise EngineError, StoreUnavailable or RedisError."""

    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        self._tools = arrival.tools

    def answer(self, memory: Memory, text: str) -> Shown:
        """Read an input of this message and show what it leads to."""
        return self._act(memory, self._read(text, self._arrival.inbound.content, memory))

    def tell(self, memory: Memory, text: str) -> Shown:
        """Tell the engine a text of this session, behind what is pending already."""
        memory.pending.append(text)
        memory.pending_session = self._arrival.session
        return self.drain(memory)

    def leave(self, memory: Memory, text: str) -> None:
        """Leave an input behind those pending: it is read when its turn comes.

        It then answers the screen that those before it lead to.
        """
        memory.pending.append(_AS_TYPED + text[: self._tools.longest_message])

    def drain(self, memory: Memory) -> Shown:
        """Tell the engine every pending input, once it is safe that none can be lost.

        What it has not answered stays pending.
        """
        self._save(memory)
        while memory.pending:
            if memory.pending[0].startswith(_AS_TYPED):
                self._read_pending(memory)
                continue
            shown = self._told(memory, memory.pending[0])
            memory.pending.pop(0)
            memory.silences = 0
            memory.shown = shown
        return memory.shown

    def _save(self, memory: Memory) -> None:
        self._tools.memories.save(self._arrival.conversation, memory, self._arrival.message)

    def _read(self, text: str, content: Content, memory: Memory) -> Step:
        asked = read_stop_word(text, self._arrival.kind) if content is Content.TEXT else None
        if asked is not None:
            return Payload(asked)
        return read_input(text, content, memory.shown, self._tools.longest_message)

    def _act(self, memory: Memory, step: Step) -> Shown:
        if isinstance(step, TurnPage):
            return replace(memory.shown, page=step.page, remark="", is_behind=False)
        if isinstance(step, Remark):
            shown = memory.shown if memory.shown.pages else self.tell(memory, OPEN)
            arrival = self._arrival
            return self._tools.showing.remark(
                step.key, shown, arrival.kind, arrival.capabilities, memory.written
            )
        return self.tell(memory, self._said_to_engine(memory, step))

    def _said_to_engine(self, memory: Memory, step: Payload | Words | Place) -> str:
        tools, conversation = self._tools, self._arrival.conversation
        if isinstance(step, Payload):
            return step.payload
        if isinstance(step, Place):
            return share(tools.vault.put(step.text, "place", conversation))
        question = Question(memory.shown.expects, memory.shown.purpose)
        return seal_text(step.text, question, tools.vault, conversation, tools.services) or "?"

    def _read_pending(self, memory: Memory) -> None:
        typed = memory.pending.pop(0).removeprefix(_AS_TYPED)
        step = self._read(typed, Content.TEXT, memory)
        if isinstance(step, (Payload, Words)):
            memory.pending.insert(0, self._said_to_engine(memory, step))
            self._save(memory)
        else:
            memory.shown = self._act(memory, step)

    def _told(self, memory: Memory, text: str) -> Shown:
        arrival, showing = self._arrival, self._tools.showing
        answered = self._tools.engine.tell(
            arrival.conversation, arrival.kind, text, memory.pending_session
        )
        remark = listen(memory, answered, self._tools.numbers, arrival.number_key)
        if answered.forgets:
            # The call ends with it: what was typed and shown before goes with all else.
            memory.answers.clear()
            memory.session = memory.typed = ""
        try:
            self._text(showing.messages(answered, arrival.conversation, memory.language))
            return showing.show(
                answered,
                arrival.kind,
                arrival.capabilities,
                arrival.conversation,
                memory.written,
                showing.sentence(remark[0], arrival.kind, remark[1]) if remark else "",
            )
        except TokenRefused:
            raise EngineSilent("a reply holds what no screen may show") from None

    def _text(self, messages: tuple[str, ...]) -> None:
        """Send by SMS what goes out beside the answer, to the number that asks."""
        for text in messages if self._tools.text_channel else ():
            number = self._arrival.inbound.number
            try:
                self._tools.later.deliver(self._tools.text_channel, number, text)
            except StoreUnavailable:
                # The answer itself says the same.
                _LOG.warning("message_not_queued", channel=self._arrival.channel)
