"""An answer of a USSD call sent as a message to the number that called, where it asks for it.

It goes by WhatsApp where the number wrote there not long ago, else by SMS. Whoever holds the phone
can read it, so what holds values of a person's file goes only when the verified citizen has read
that and said yes; and by WhatsApp only where they agreed to its text, which says that messages are
hosted abroad.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import redis

from channels.arrival import Arrival
from channels.memory import Memory, Shown
from channels.reading import DO_NOT_SEND, SEND_ANYWAY
from channels.rendering.menus import Choice
from channels.rendering.pages import Page
from channels.rendering.pieces import pieces
from channels.rendering.screens import phone_text, sms_text
from channels.sending import Sending
from core.errors import StoreUnavailable
from core.identifiers import is_phone
from core.logs import log
from core.messages import ChannelKind, Expects

_LOG = log(__name__)
_ASKS = "send"
_LONGEST = 1500


class Forwarding:
    """What goes out beside the answers of one turn at the citizen's word."""

    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        self._tools = arrival.tools
        self._sending = Sending(arrival)

    def can_send(self) -> bool:
        """True where an answer of this call can be sent as a message."""
        has_sms = bool(self._tools.text_channel)
        return self._arrival.is_ussd and is_phone(self._arrival.inbound.number) and has_sms

    def asked(self, memory: Memory) -> Shown:
        """The citizen wants what they read: it goes, or they are told who can read it."""
        if memory.shown.is_personal:
            memory.behind = memory.shown
            return self._question(memory)
        return self._sent(memory, memory.shown)

    def answered(self, memory: Memory, choice: str) -> Shown:
        """They have read who can read it, and the answer comes back as it was."""
        behind, memory.behind = memory.behind or memory.shown, None
        if choice == SEND_ANYWAY:
            return self._sent(memory, behind)
        return replace(behind, remark="", is_behind=False)

    def rest(self, memory: Memory, shown: Shown) -> bool:
        """Send the lines of an answer that did not fit on its pages; False where nothing can be."""
        try:
            known = self._tools.numbers.find(self._arrival.number_key)
            if known is not None and known.opted_out:
                return False
            self._deliver(self._tools.text_channel, ChannelKind.SMS, shown.rest, memory.written)
        except StoreUnavailable:
            return False
        return True

    def _question(self, memory: Memory) -> Shown:
        kind, language = self._arrival.kind, memory.written
        words = ("door_send_personal", "door_send", "door_do_not_send")
        asked, yes, no = (self._tools.showing.sentence(key, kind, language) for key in words)
        choices = (Choice(1, yes, SEND_ANYWAY), Choice(2, no, DO_NOT_SEND))
        text = "\n".join([asked, *(choice.line for choice in choices)])
        return Shown((Page(text, choices),), expects=Expects.MENU, asks=_ASKS)

    def _sent(self, memory: Memory, shown: Shown) -> Shown:
        arrival = self._arrival
        return self._tools.showing.remark(
            self._send(memory, shown), shown, arrival.kind, arrival.capabilities, memory.written
        )

    def _send(self, memory: Memory, shown: Shown) -> str:
        """Send it, and the key of what is said about that."""
        if not self.can_send() or not shown.letter:
            return "door_not_sent"
        is_by_whatsapp = self._may_go_by_whatsapp(shown)
        channel = self._tools.whatsapp_channel if is_by_whatsapp else self._tools.text_channel
        kind = ChannelKind.WHATSAPP if is_by_whatsapp else ChannelKind.SMS
        try:
            self._deliver(channel, kind, shown.letter, memory.written)
        except StoreUnavailable:
            _LOG.warning("answer_not_forwarded", channel=self._arrival.channel)
            return "door_not_sent"
        return "door_sent_whatsapp" if is_by_whatsapp else "door_sent_sms"

    def _may_go_by_whatsapp(self, shown: Shown) -> bool:
        arrival, tools = self._arrival, self._tools
        if not tools.whatsapp_channel:
            return False
        try:
            wrote = tools.reach.wrote_on_whatsapp(arrival.number_key)
            window = timedelta(hours=tools.whatsapp_window_hours)
            if wrote is None or arrival.inbound.received_at - wrote >= window:
                return False
            if not shown.is_personal:
                return True
            consent = tools.consents.current(arrival.number_key)
        except (redis.RedisError, StoreUnavailable):
            return False
        return consent is not None and consent.is_for_abroad

    def _deliver(self, channel: str, kind: ChannelKind, text: str, language: str) -> None:
        is_sms = kind is ChannelKind.SMS
        written = sms_text(text, language) if is_sms else phone_text(text, kind, language)
        for piece in pieces(written, _LONGEST):
            self._sending.text(channel, piece)
