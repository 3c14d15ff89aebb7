"""Where a line may be broken: between words, and between graphemes where a word fits no page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Spaces that do not break: they hold an amount or a French quotation mark together.
_BREAKABLE: Final = re.compile(r"[^\S\u00a0\u2007\u202f]+")
_DIGIT_BEFORE: Final = re.compile(r"\d\Z")
_DIGIT_AFTER: Final = re.compile(r"\d")
_CLOSING: Final = re.compile(r"[?!:;%»]+")
# What ends a sentence, with what may close behind it.
_ENDING: Final = re.compile("[.!?\u2026;\u061b\u061f\u06d4][\"'\u00bb\u201d\u2019)]*\\Z")
_JOINER: Final = "\u200d"


def words(line: str) -> tuple[str, ...]:
    """The words of a line that must not be broken, in order; joined by spaces they are the line.

    A number written in groups (06 12 34 56 78) and the sign after it or after a word (Quoi ?) are
    one word with what they follow. Runs of spaces count as one.
    """
    joined: list[str] = []
    for piece in filter(None, _BREAKABLE.split(line)):
        if joined and _holds_on_to(joined[-1], piece):
            joined[-1] += " " + piece
        else:
            joined.append(piece)
    return tuple(joined)


def ends_sentence(word: str) -> bool:
    """True where a reader may pause behind a word; not at a label, whose value comes next."""
    return _ENDING.search(word) is not None


def graphemes(word: str) -> Iterator[str]:
    """The characters of a word as a reader sees them: marks, emoji sequences and flags whole.

    Close to the extended grapheme clusters of UAX 29, from the standard library alone.
    """
    cluster = ""
    for character in word:
        if cluster and not _extends(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _holds_on_to(before: str, piece: str) -> bool:
    if _CLOSING.fullmatch(piece):
        return True
    return bool(_DIGIT_BEFORE.search(before) and _DIGIT_AFTER.match(piece))


def _extends(cluster: str, character: str) -> bool:
    if unicodedata.category(character).startswith("M") or character in "\u200c\u200d":
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f":
        return True
    if cluster.endswith(_JOINER):
        # Between letters a joiner shapes them and joins nothing.
        return unicodedata.category(character) == "So"
    return _is_flag_half(character) and len(cluster) == 1 and _is_flag_half(cluster)


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
