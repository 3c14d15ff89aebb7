"""What the door says for itself where the engine has not: late, busy, out of order."""

from __future__ import annotations

from channels.deadline import Said
from channels.listening import on_record
from channels.rendering.screens import written_as
from channels.showing import Showing
from core.messages import ChannelKind
from records.people import Numbers


class Apologies:
    """The door's own answers to one number, in the language on record where there is one."""

    def __init__(
        self, showing: Showing, numbers: Numbers, kind: ChannelKind, number_key: str
    ) -> None:
        self._showing = showing
        self._numbers = numbers
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

    def out_of_service(self) -> Said:
        """The answer when nothing can be kept: an honest sentence, and the call ends."""
        language = self._language()
        key = "door_out_of_service" if language else "door_down"
        return Said((self._sentence(key, language),), is_open=False)

    def _sentence(self, key: str, language: str) -> str:
        return self._showing.sentence(key, self._kind, language)

    def _language(self) -> str:
        return written_as(*on_record(self._numbers, self._number_key))
