"""What the intent classifier looks at: words, pieces of words, keys, pieces of keys, concepts.

Each function turns a document into the grams of one kind. A document is a pair of folded words and
their keys, or with the concepts found in them, a triple.
"""

from __future__ import annotations

from itertools import pairwise
from typing import List, Tuple

Document = Tuple[List[str], List[str], List[str]]

_LEAST_PIECE = 2
_LONGEST_PIECE = 5
_LONGEST_KEY_PIECE = 4


def word_grams(document: Document) -> List[str]:
    """Words and pairs of words that follow each other."""
    return _pairs(document[0])


def letter_grams(document: Document) -> List[str]:
    """Pieces of 2 to 5 letters of each word, its edges marked."""
    return _pieces(document[0], _LONGEST_PIECE)


def key_grams(document: Document) -> List[str]:
    """Keys and pairs of keys."""
    return _pairs(document[1])


def key_letter_grams(document: Document) -> List[str]:
    """Pieces of 2 to 4 consonants of each key, its edges marked."""
    return _pieces(document[1], _LONGEST_KEY_PIECE)


def concept_grams(document: Document) -> List[str]:
    """The concepts expressed."""
    return document[2]


def _pairs(units: List[str]) -> List[str]:
    return [*units, *(f"{first} {second}" for first, second in pairwise(units))]


def _pieces(units: List[str], longest: int) -> List[str]:
    found = []
    for unit in units:
        edged = f"^{unit}$"
        for size in range(_LEAST_PIECE, longest + 1):
            found += [edged[i : i + size] for i in range(len(edged) - size + 1)]
    return found
