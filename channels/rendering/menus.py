"""Buttons as numbered choices, and what a citizen types read back as one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from channels.rendering.labels import as_typed, labels
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
    """The choice a citizen means: its number in any digits, its title or its label; else None.

    Titles match whatever the case, the spacing, the invisible marks and the folding to GSM-7. A
    label is what a title too long to be tapped was cut to.
    """
    offered = tuple(choices)
    number = plain_digits(text).strip(_AROUND_A_NUMBER)
    for choice in offered:
        if number == str(choice.number):
            return choice
    wanted, titles = as_typed(text), [choice.title for choice in offered]
    for said in (titles, labels(titles)) if wanted else ():
        for choice, title in zip(offered, said, strict=True):
            if wanted == as_typed(title):
                return choice
    return None
