"""What a turn sends beside the webhook's answer, or after it."""

from __future__ import annotations

import secrets
from dataclasses import asdict

import orjson

from channels.arrival import Arrival
from channels.memory import Shown
from channels.owed import Owed, due_soon
from core.errors import StoreUnavailable
from core.identifiers import is_phone
from core.logs import log
from core.messages import Media
from core.outgoing import Tappable
from records.outbox import ANSWER, RECEIPT

_LOG = log(__name__)


class Sending:
    """Messages to whom a turn answers, through the outbox."""

    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        self._later = arrival.tools.later
        self._number = arrival.inbound.number

    def to_tap(self, shown: Shown, language: str) -> Tappable | None:
        """A screen with its choices to tap, or None."""
        arrival = self._arrival
        return arrival.tools.showing.to_tap(shown, arrival.kind, arrival.capabilities, language)

    def owed(self) -> None:
        """Have given what is owed; where nothing can be queued the schedule finds it."""
        try:
            self._later.give()
        except StoreUnavailable:
            _LOG.warning("task_not_queued", channel=self._arrival.channel)

    def as_sent(self, media: tuple[Media, ...]) -> str:
        """The files of this message, as `actions/papers.py` reads them; unsealed."""
        value = {
            "channel": self._arrival.channel,
            "message": self._arrival.message,
            "files": [asdict(file) for file in media],
        }
        return orjson.dumps(value).decode()

    def discard(self, media: tuple[Media, ...]) -> None:
        """Have the provider forget files; where nothing can be queued they stay there."""
        for file in media:
            try:
                self._later.discard(self._arrival.channel, file.url)
            except StoreUnavailable:
                _LOG.warning("file_not_discarded", channel=self._arrival.channel)

    def text(self, channel: str, text: str, purpose: str = ANSWER) -> None:
        """Send a text by a channel, owed until it stands in the outbox. Raises StoreUnavailable."""
        memories, cause = self._arrival.tools.memories, secrets.token_hex(16)
        memories.owe(Owed(cause, channel, self._number, due_soon(is_late=False), (text,)))
        try:
            self._later.deliver(channel, self._number, text, purpose=purpose, owed=cause)
        except StoreUnavailable:
            # The citizen is told that it is not sent.
            memories.given(cause)
            raise

    def by_sms(self, texts: tuple[str, ...]) -> None:
        """Send texts by SMS too, where there is such a channel and the citizen shows a number."""
        channel = self._arrival.tools.text_channel
        for text in texts if channel and is_phone(self._number) else ():
            try:
                self.text(channel, text, RECEIPT)
            except StoreUnavailable:
                # The answer itself says the same.
                _LOG.warning("message_not_queued", channel=self._arrival.channel)
