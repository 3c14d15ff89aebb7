"""What the intent classifier looks at: words, pieces of words, keys, pieces of keys, concepts.

Each function turns a document into the grams of one kind.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Callable, Dict, List, NamedTuple

from components.concepts import Concepts
from components.folding import key
from components.spelling import Spelling

_LEAST_PIECE = 2
_LONGEST_PIECE = 5
_LONGEST_KEY_PIECE = 4


class Document(NamedTuple):
    """A message: its folded words as typed and as mended, their keys, the concepts expressed."""

    typed: List[str]
    words: List[str]
    keys: List[str]
    concepts: List[str]


def document_of(typed: List[str], spelling: Spelling | None, concepts: Concepts) -> Document:
    """The document of folded words, mended if there is a spelling to mend them by."""
    words = spelling.mend(typed) if spelling else typed
    found = [key(word) for word in words]
    return Document(typed, words, [k for k in found if k], concepts.find(words, found))


def word_grams(document: Document) -> List[str]:
    """Words and pairs of words that follow each other."""
    return _pairs(document.words)


def letter_grams(document: Document) -> List[str]:
    """Pieces of 2 to 5 letters of each word as typed, its edges marked."""
    return _pieces(document.typed, _LONGEST_PIECE)


def key_grams(document: Document) -> List[str]:
    """Keys and pairs of keys."""
    return _pairs(document.keys)


def key_letter_grams(document: Document) -> List[str]:
    """Pieces of 2 to 4 consonants of each key, its edges marked."""
    return _pieces(document.keys, _LONGEST_KEY_PIECE)


def concept_grams(document: Document) -> List[str]:
    """The concepts expressed."""
    return document.concepts


def _pairs(units: List[str]) -> List[str]:
    return [*units, *(f"{first} {second}" for first, second in pairwise(units))]


def _pieces(units: List[str], longest: int) -> List[str]:
    found = []
    for unit in units:
        edged = f"^{unit}$"
        for size in range(_LEAST_PIECE, longest + 1):
            found += [edged[i : i + size] for i in range(len(edged) - size + 1)]
    return found


# The kinds of features, in the order of their columns.
KINDS: Dict[str, Callable[[Document], List[str]]] = {
    "words": word_grams,
    "letters": letter_grams,
    "keys": key_grams,
    "key_letters": key_letter_grams,
    "concepts": concept_grams,
}
