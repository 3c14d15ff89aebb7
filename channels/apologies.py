"""What the door says for itself where the engine has not: late, busy, overloaded, out of order.

Whatever fails, this must not: the language is looked up for no longer than a hop can spare, and
where no store answers, a short word is said in every language.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as OutOfTime

from channels.deadline import Said
from channels.listening import on_record
from channels.rendering.screens import written_as
from channels.showing import Showing
from core.messages import ChannelKind
from records.people import Numbers

# What a hop has left when its clock strikes, see `channels.conversation`.
_LOOK_UP_SECONDS = 0.25


class Record:
    """The language on record of a number, for those who cannot wait."""

    def __init__(self, numbers: Numbers, threads: int = 16) -> None:
        self._numbers = numbers
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="record")

    def language(self, number_key: str) -> str:
        """The language as it is written, or empty where it does not come at once."""
        found = self._pool.submit(on_record, self._numbers, number_key)
        try:
            return written_as(*found.result(_LOOK_UP_SECONDS))
        except OutOfTime:
            found.cancel()
            return ""


class Apologies:
    """The door's own answers to one number.

    `language` is the one in use, once the turn knows it; else the one on record is looked up.
    """

    def __init__(
        self, showing: Showing, record: Record, kind: ChannelKind, number_key: str
    ) -> None:
        self.language = ""
        self._showing = showing
        self._record = record
        self._kind = kind
        self._number_key = number_key

    def apology(self, key: str) -> Said:
        """A sentence of the door's own, and the way on."""
        language = self._language()
        if self._kind is not ChannelKind.USSD:
            return Said((self._sentence(f"{key}_message", language),))
        if not language:
            return Said((self._sentence("door_down", ""),), is_open=False)
        go_on = self._sentence("door_continue", language)
        return Said((f"{self._sentence(key, language)}\n1 {go_on}",))

    def ending(self, key: str = "door_out_of_service") -> Said:
        """A sentence of the door's own, and the call ends."""
        language = self._language()
        return Said((self._sentence(key if language else "door_down", language),), is_open=False)

    def _sentence(self, key: str, language: str) -> str:
        return self._showing.sentence(key, self._kind, language)

    def _language(self) -> str:
        self.language = self.language or self._record.language(self._number_key)
        return self.language
