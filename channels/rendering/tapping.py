"""Choices as something to tap: up to three as quick replies, up to ten as a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from channels.rendering.labels import MOST_QUICK, labels, length, opener
from channels.rendering.menus import Choice
from core.outgoing import Item, Tap, Tappable

_MOST_IN_A_LIST: Final = 10
_LONGEST_BODY: Final = 1024
_ID: Final = re.compile(r"([0-9a-f]{8})\.(\d{1,2})")


def tappable(body: str, choices: Sequence[Choice], screen: str, opens: str) -> Tappable | None:
    """The choices of a screen as a message to tap; None where they can only be numbered lines.

    `screen` is the screen's own name, which its ids carry, and `opens` the word that opens a
    list. A choice whose title had to be cut stands whole in the body, under its number.
    """
    if not body or not screen or not 0 < len(choices) <= _MOST_IN_A_LIST:
        return None
    kind = Tap.QUICK if len(choices) <= MOST_QUICK else Tap.LIST
    named = list(zip(choices, labels([choice.title for choice in choices]), strict=True))
    cut = [choice.line for choice, title in named if title != choice.title]
    text = "\n".join([body, *cut])
    if length(text) > _LONGEST_BODY:
        return None
    items = tuple(Item(f"{screen}.{choice.number}", title) for choice, title in named)
    return Tappable(kind, text, items, opener(opens) if kind is Tap.LIST else "")


def read_id(pressed: str) -> tuple[str, int] | None:
    """The screen and the number in an id of ours; None for an id that is none of ours."""
    found = _ID.fullmatch(pressed)
    return (found.group(1), int(found.group(2))) if found else None
