"""A message as it came in, the keys it is known by, and all that its turn works with."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from channels.apologies import Record
from channels.deadline import Deadline, Said
from channels.engine import Engine
from channels.memory import Memories
from channels.owed import DEAD_SECONDS, Owed, answer_cause, due_soon, end_of
from channels.port import Channel
from channels.recording import a_record
from channels.showing import Showing
from channels.spool import Spool
from channels.turn_lock import TurnLock
from channels.worker import Later
from core.messages import ChannelKind, InboundMessage
from core.privacy import Pseudonyms
from core.reach import Heard, Reach
from core.short_words import ShortWords
from core.stores import Command
from core.vault import Vault
from records.consents import Consents
from records.people import Numbers


def message_key(pseudonyms: Pseudonyms, channel: str, number_key: str, message_id: str) -> str:
    """The key of a provider's message: the same whenever it is delivered."""
    return pseudonyms.event(f"{channel}:{number_key}:{message_id}")


@dataclass(frozen=True, slots=True)
class Tools:
    """All that a turn works with.

    `text_channel` and `whatsapp_channel` are the names of those that send, if any; free text goes
    by WhatsApp for so many hours after a citizen wrote there. A call that broke off can be
    continued for `redial_seconds`, and ends politely with less than `closing_seconds` left. An
    answer of more than `most_pages` is cut short.
    """

    turn_lock: TurnLock
    memories: Memories
    engine: Engine
    vault: Vault
    showing: Showing
    later: Later
    pseudonyms: Pseudonyms
    numbers: Numbers
    consents: Consents
    record: Record
    reach: Reach
    spool: Spool
    services: ShortWords
    longest_message: int
    text_channel: str = ""
    whatsapp_channel: str = ""
    whatsapp_window_hours: float = 24.0
    most_pages: int = 4
    redial_seconds: float = 300.0
    closing_seconds: float = 20.0


class Arrival:
    """One message, the channel it came by, and the keys of its number, session and delivery.

    `at` is when it came, in seconds since 1970; `deadline` says who answers it; `turn` names the
    turn in the transcripts.
    """

    def __init__(
        self, tools: Tools, channel: str, provider: Channel, inbound: InboundMessage
    ) -> None:
        self.tools = tools
        self.channel = channel
        self.capabilities = provider.capabilities
        self.inbound = inbound
        self.kind = inbound.kind
        self.deadline = Deadline()
        self.at = inbound.received_at.timestamp()
        self.is_ussd = inbound.kind is ChannelKind.USSD
        self.number_key = tools.pseudonyms.number(inbound.number)
        self.conversation = f"{inbound.kind.value}-{self.number_key}"
        self.message = message_key(tools.pseudonyms, channel, self.number_key, inbound.message_id)
        session = inbound.session_id
        self.session = tools.pseudonyms.event(f"{channel}:{session}") if session else ""
        # A digest may name another hop later on; a moment makes it this one.
        moment = f".{self.at}" if inbound.repeat_window_seconds else ""
        self.turn = f"{self.message}{moment}"[:64]
        # Where the webhook's own answer cannot carry it, another message does.
        self.is_late = False
        self.recording = a_record(
            inbound,
            channel,
            key=self.turn,
            name=self.conversation,
            number_key=self.number_key,
            session=self.session,
        )
        self._is_noted = False

    def note(self) -> Iterable[Command]:
        """What notes, with what is kept first of this turn, where the number was heard."""
        if self._is_noted:
            return ()
        self._is_noted = True
        heard = Heard(self.inbound.number, self.kind, self.inbound.received_at)
        return self.tools.reach.note(self.number_key, heard)

    def forget(self) -> None:
        """The citizen had everything erased: this turn leaves neither a record nor their number."""
        self.recording.forget()
        self._is_noted = True

    def end_owed(self) -> tuple[Owed, ...]:
        """The end of this turn, owed to who writes should nobody live to it."""
        if self.is_ussd or not self.inbound.message_id:
            return ()
        due = time.time() + self.tools.engine.timeout_seconds + DEAD_SECONDS
        return (Owed(end_of(self.message), self.channel, self.inbound.number, due),)

    def answer_owed(self, said: Said, is_late: bool) -> tuple[Owed, ...]:
        """What is said to who writes, owed until it stands in the outbox."""
        if self.is_ussd or not said.texts:
            return ()
        cause, due = self.cause(is_late), due_soon(is_late)
        number = self.inbound.number
        return (Owed(cause, self.channel, number, due, said.texts, said.tappable),)

    def cause(self, is_late: bool) -> str:
        """What the answer to this message is named by in the outbox."""
        return answer_cause(
            self.tools.pseudonyms, self.channel, self.number_key, self.inbound.message_id, is_late
        )
