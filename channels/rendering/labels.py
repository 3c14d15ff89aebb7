"""Labels of what is tapped: short, whole at their end, and none like another.

A label is cut at a grapheme and ends in an ellipsis; a directional isolate that is open where it
is cut is closed. Of two that would read alike, the later one ends in its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from channels.rendering.breaks import graphemes
from channels.rendering.gsm7 import fold
from core.identifiers import plain_digits

# The most choices that are quick replies, and the longest label of one and of an item of a list.
MOST_QUICK: Final = 3
_QUICK: Final = 20
_LIST: Final = 24
_ELLIPSIS: Final = "…"
_OPENING: Final = frozenset("\u2066\u2067\u2068")
_CLOSING: Final = "\u2069"


def labels(titles: Sequence[str]) -> tuple[str, ...]:
    """The titles as they are tapped: short enough for their number, and no two alike.

    A title that fits is left as it is, but for the second of two that read alike.
    """
    longest = _QUICK if len(titles) <= MOST_QUICK else _LIST
    found: dict[int, str] = {}
    taken: set[str] = set()
    for number, title in enumerate(titles, 1):
        if length(title) <= longest and as_typed(title) not in taken:
            found[number] = title
            taken.add(as_typed(title))
    for number, title in enumerate(titles, 1):
        if number not in found:
            found[number] = _told_apart(title, number, longest, taken)
            taken.add(as_typed(found[number]))
    return tuple(found[number] for number in range(1, len(titles) + 1))


def opener(title: str) -> str:
    """The label of the button that opens a list."""
    return _cut(title, _QUICK)


def length(text: str) -> int:
    """How many characters are counted: one beyond the first plane, as most emoji, is two."""
    return len(text.encode("utf-16-le")) // 2


def as_typed(title: str) -> str:
    """What two titles share that somebody who types would write alike.

    Case, spacing, invisible marks, the ellipsis of a cut label and all that GSM-7 folds are left
    out of it.
    """
    return " ".join(fold(plain_digits(title).casefold().replace(_ELLIPSIS, "")).split())


def _told_apart(title: str, number: int, longest: int, taken: set[str]) -> str:
    label, ending = _cut(title, longest), ""
    while as_typed(label) in taken:
        ending += f" {number}"
        label = _cut(title, longest - length(ending)) + ending
    return label


def _cut(title: str, longest: int) -> str:
    if length(title) <= longest:
        return title
    kept, is_open = "", 0
    for cluster in graphemes(title):
        # A mark may have joined one of them to its cluster.
        opened = is_open + sum(sign in _OPENING for sign in cluster)
        opened = max(0, opened - cluster.count(_CLOSING))
        if length(kept + cluster + _ELLIPSIS) + opened > longest:
            break
        kept, is_open = kept + cluster, opened
    return kept.rstrip() + _ELLIPSIS + _CLOSING * is_open
