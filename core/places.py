"""Names of places as people write them, and how far apart two places are.

Communes and regions are written in many ways: with or without accents, hyphens and articles, in
Latin or in Arabic letters. Folded, those that mean the same are the same words.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

_EARTH_KM: Final = 6371.0
_NOT_A_WORD: Final = re.compile(r"[^0-9a-zء-ي\u2d30-\u2d67]+")
_ALIKE: Final = str.maketrans("أإآٱىةؤئ", "اااايهوي")
# Articles and particles: they stand in many names and name nothing alone.
_SMALL: Final = frozenset(("al", "el", "l", "la", "le", "les", "de", "des", "du", "et", "d", "و"))


def fold_place(name: str) -> frozenset[str]:
    """The words that name a place, without accents, articles and signs; empty for no words."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_ALIKE))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = (_without_article(word) for word in _NOT_A_WORD.split(plain.translate(_ALIKE)))
    return frozenset(word for word in words if word and word not in _SMALL)


def is_place_named(asked: str, name: str) -> bool:
    """True where what was asked for names this place: all words of one are in the other."""
    words, place = fold_place(asked), fold_place(name)
    return bool(words and place) and (words <= place or place <= words)


def kilometres(from_: tuple[float, float], to: tuple[float, float]) -> float:
    """How far apart two places are in a straight line; each is latitude and longitude."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (from_, to))
    across = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(across)))


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
