"""What a citizen recognizes on a screen: the source words of the engine and of the door, in French.

Everything is compared folded: small letters without accents, on one line.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from functools import cache
from typing import Any, Final

import yaml

from locales.catalogs import Catalogs
from locales.languages import languages
from sandbox.house.layout import ROOT

LANGUAGE: Final = "fr"
_MARK_WORDS: Final = 4
# 0 and 00 move between screens.
_CHOICE: Final = re.compile(r"^\s*([1-9]\d?)[ .)]+(.+)$")


def fold(text: str) -> str:
    """A text as it is compared."""
    bare = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe"))
    kept = "".join(c for c in bare if not unicodedata.combining(c) and ord(c) not in _HIDDEN)
    return " ".join(kept.lower().split())


def choices(text: str) -> dict[str, str]:
    """The numbered lines of a screen: what each says, folded, and its number."""
    found = (_CHOICE.match(line) for line in text.splitlines())
    return {fold(match[2]): match[1] for match in found if match}


@cache
def marks(key: str) -> tuple[str, ...]:
    """The first words of a response, on every kind of channel."""
    texts = {str(variant["text"]) for variant in _responses()[key]}
    return tuple(_mark(_translated(key, text)) for text in sorted(texts))


@cache
def titles(key: str, payload: str) -> frozenset[str]:
    """What the button of a response with this in its payload says, on every kind of channel."""
    return frozenset(
        fold(_translated(key, str(button["title"])))
        for variant in _responses()[key]
        for button in variant.get("buttons", ())
        if payload in button["payload"]
    )


@cache
def door_mark(key: str) -> str:
    """The first words of one of the door's own sentences."""
    return _mark(Catalogs.load().say(LANGUAGE, key))


def _mark(text: str) -> str:
    longest = max(re.split(r"\{\w+\}", text), key=len)
    return " ".join(fold(longest).split()[:_MARK_WORDS])


def _translated(key: str, source: str) -> str:
    return _catalog().pgettext(key, source)


@cache
def _catalog() -> gettext.GNUTranslations:
    with languages()[LANGUAGE].compiled.open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "bot/domain/responses").glob("*.yml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return found


# Isolates around what is written the other way.
_HIDDEN: Final = frozenset((0x2066, 0x2067, 0x2068, 0x2069))
