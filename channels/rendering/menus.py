"""Buttons as numbered choices, and what a citizen types read back as one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from channels.rendering.gsm7 import fold
from core.identifiers import plain_digits
from core.messages import Button

# The dot or bracket people put after a number.
_AROUND_A_NUMBER: Final = " \t\r\n.,)-"


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered line of a menu: what the citizen reads, and what it means to the engine."""

    number: int
    title: str
    payload: str

    @property
    def line(self) -> str:
        """The choice as it is shown: `1 Title`."""
        return f"{self.number} {self.title}"


def number_choices(buttons: Sequence[Button]) -> tuple[Choice, ...]:
    """The buttons as choices numbered from 1, in their order."""
    return tuple(
        Choice(number, button.title, button.payload) for number, button in enumerate(buttons, 1)
    )


def choose(text: str, choices: Iterable[Choice]) -> Choice | None:
    """The choice a citizen means: its number in any digits, or its very title; else None.

    Titles match whatever the case, the spacing, the invisible marks and the folding to GSM-7.
    """
    offered = tuple(choices)
    number = plain_digits(text).strip(_AROUND_A_NUMBER)
    for choice in offered:
        if number == str(choice.number):
            return choice
    wanted = _key(text)
    for choice in offered:
        if wanted == _key(choice.title):
            return choice
    return None


def _key(title: str) -> str:
    return " ".join(fold(plain_digits(title).casefold()).split())
