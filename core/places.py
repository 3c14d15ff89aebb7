"""Names of places as people write them, and how far apart two places are.

Communes and regions are written in many ways: with or without accents, hyphens and articles, in
Latin or in Arabic letters. Folded, those that mean the same are the same words.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")
_EARTH_KM: Final = 6371.0
_MOST_LATITUDE: Final = 90.0
_MOST_LONGITUDE: Final = 180.0
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


def find_named(asked: str, places: Iterable[tuple[T, Sequence[str], Sequence[str]]]) -> list[T]:
    """The places that words name, in their order: by their commune, else by their region.

    Each place comes with the names of its commune and of its region. A name that is written whole
    goes before one that is written in part: Béni Mellal is a commune, Béni Mellal-Khénifra is not.
    """
    known, words = list(places), fold_place(asked)
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: words == fold_place(name),
        lambda name: is_place_named(asked, name),
    )
    for is_named in ways if words else ():
        by_commune = [place for place, commune, _ in known if any(map(is_named, commune))]
        by_region = [place for place, _, region in known if any(map(is_named, region))]
        if by_commune or by_region:
            return by_commune or by_region
    return []


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


def read_coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, as "33.57,-7.59"; None for what is nowhere on earth."""
    parts = text.split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    is_on_earth = abs(latitude) <= _MOST_LATITUDE and abs(longitude) <= _MOST_LONGITUDE
    return (latitude, longitude) if is_on_earth else None
