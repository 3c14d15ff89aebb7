"""Who is let in: nobody who is blocked, and nobody who writes so often that others would wait.

Whoever is turned away for writing too often reads one sentence about it, then nothing until the
window is over. STOP is heard from everybody who is not blocked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import redis

from channels.arrival import Tools, message_key
from channels.deadline import Said
from channels.listening import on_record
from channels.rendering.screens import written_as
from channels.stop_words import STOP, read_stop_word
from channels.turn_lock import Count
from core.errors import TooMany
from core.logs import log
from core.messages import ChannelKind, InboundMessage, SessionEvent
from records.blocks import Blocks

_LOG = log(__name__)
_WINDOW_SECONDS = 60
# More than can come in a window.
_NO_MOST = 2**31
T = TypeVar("T")
_IN_A_CHAT = {"door_too_often": "door_too_often_message"}


class Gate:
    """Counts what comes in, by number and by channel; a limit of 0 is none."""

    def __init__(
        self, blocks: Blocks, store: redis.Redis, tools: Tools, per_number: int, per_channel: int
    ) -> None:
        self._blocks = blocks
        self._store = store
        self._tools = tools
        self._per_number = per_number
        self._per_channel = per_channel

    def let_in(
        self, channel: str, inbound: InboundMessage, take: Callable[[Sequence[Count]], T]
    ) -> Said | T:
        """Have a message taken, and what is counted of it with it; else what is said instead.

        Who is not let in reads that, which may be nothing. May raise what taking it raises.
        """
        number_key = self._tools.pseudonyms.number(inbound.number)
        if self._blocks.holds(number_key):
            return self._silence(inbound)
        if read_stop_word(inbound.text, inbound.kind) == STOP:
            return take(())
        now = int(time.time())
        mine = f"came:{number_key}:{now // _WINDOW_SECONDS}"
        theirs = f"came:{channel}:{now}"
        # Whoever hangs up is counted, and always let in.
        is_over = inbound.session_event is SessionEvent.ABORT
        limits = [
            Count(key, seconds, _NO_MOST if is_over else most)
            for key, seconds, most in (
                (mine, 2 * _WINDOW_SECONDS, self._per_number),
                (theirs, _WINDOW_SECONDS, self._per_channel),
            )
            if most
        ]
        try:
            return take(limits)
        except TooMany as fault:
            is_mine = str(fault) == mine
        _LOG.warning("turned_away", channel=channel, by="number" if is_mine else "channel")
        if inbound.kind is not ChannelKind.USSD:
            # Else it would be found again among what its provider received while we were away.
            message = message_key(self._tools.pseudonyms, channel, number_key, inbound.message_id)
            self._tools.memories.pass_over(message)
        told = f"came:{number_key}:told:{now // _WINDOW_SECONDS}"
        is_first = self._store.set(told, b"1", ex=2 * _WINDOW_SECONDS, nx=True)
        if not is_first and inbound.kind is not ChannelKind.USSD:
            return self._silence(inbound)
        return self._sentence("door_too_often" if is_mine else "door_full", inbound, number_key)

    def _sentence(self, key: str, inbound: InboundMessage, number_key: str) -> Said:
        language = written_as(*on_record(self._tools.numbers, number_key))
        if inbound.kind is not ChannelKind.USSD:
            key = _IN_A_CHAT.get(key, key)
        elif not language:
            # In all languages at once it would need more than a page.
            key = "door_down"
        said = self._tools.showing.sentence(key, inbound.kind, language)
        return Said((said,), is_open=False)

    @staticmethod
    def _silence(inbound: InboundMessage) -> Said:
        return Said(("",) if inbound.kind is ChannelKind.USSD else (), is_open=False)
