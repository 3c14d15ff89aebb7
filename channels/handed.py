"""A message in a conversation that a person of the staff leads: the bot is silent, staff read it.

It is sealed and recorded like any other. The citizen is told once that a person reads. A file is
not kept, for staff have no way to see one. After the conversation is handed back, one digit may say
how it was; anything else is for the bot again.
"""

from __future__ import annotations

from channels.arrival import Arrival
from channels.beside import Beside
from channels.deadline import Said
from channels.memory import Answer, Memory
from channels.reading import unread
from channels.sealing import Question, seal_text
from channels.sending import Sending
from core.errors import StoreUnavailable
from core.identifiers import plain_digits
from core.messages import Content
from core.staffed import ASKED, LED, RATINGS


class Handed:
    """Such a message. `take` may raise StoreUnavailable, or what Redis raises."""

    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        self._tools = arrival.tools

    def take(self, memory: Memory) -> Said | None:
        """What the citizen reads for it, mostly nothing; None where the bot is to answer."""
        lead, conversation = self._tools.memories.lead(memory), self._arrival.conversation
        if lead.state == LED:
            said: tuple[str, ...] = () if lead.is_told else ("door_with_person",)
            if self._arrival.inbound.media:
                said += (unread(self._arrival.inbound.content),)
            answered = self._answer(memory, said)
            if not lead.is_told:
                self._tools.memories.staffed.told(conversation, lead.handover)
            return answered
        if lead.state == ASKED:
            self._tools.memories.staffed.end(conversation)
            rating = plain_digits(self._arrival.inbound.text).strip()
            if rating in RATINGS:
                self._tools.later.rate(lead.handover, rating)
                return self._answer(memory, ("door_rated",))
        return None

    def _answer(self, memory: Memory, keys: tuple[str, ...]) -> Said:
        arrival, tools = self._arrival, self._tools
        sentence = tools.showing.sentence
        # The memory may be younger than the conversation.
        language = memory.written or (tools.record.language(arrival.number_key) if keys else "")
        texts = tuple(sentence(key, arrival.kind, language) for key in keys)
        question = Question(memory.shown.expects, memory.shown.purpose)
        text = arrival.inbound.text[: tools.longest_message]
        if arrival.inbound.content is Content.LOCATION:
            sealed = tools.vault.put(text, "place", arrival.conversation)
        else:
            sealed = seal_text(text, question, tools.vault, arrival.conversation, tools.services)
        arrival.recording.handed(sealed)
        arrival.recording.apology(texts, is_open=True, outcome="answered")
        memory.remember(arrival.message, Answer(texts, is_open=True, at=arrival.at))
        with arrival.recording.leaving() as record:
            beside = Beside(record, arrival.turn, note=arrival.note)
            tools.memories.save(arrival.conversation, memory, arrival.message, beside=beside)
        if not arrival.deadline.keep():
            tools.memories.take_back(arrival.conversation, memory, arrival.message)
            raise StoreUnavailable("the memory was saved too late")
        Sending(arrival).discard(arrival.inbound.media)
        is_first = arrival.deadline.take() and arrival.deadline.leave()
        return Said(texts) if is_first else Said()
