"""What a text costs on USSD and SMS, and how to write it in the letters that cost least.

A text whose every character stands in the GSM 03.38 alphabet goes out in 7-bit septets; one single
other character turns the whole of it into UCS-2, at less than half the room (3GPP TS 23.038).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final, NamedTuple

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = frozenset("\f^{}\\[~]|€")
_GSM7: Final = BASIC | EXTENSION


class Encoding(StrEnum):
    """The two ways a text travels to a handset."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


# (one message, each part of a longer one whose header takes six octets)
_SEGMENT: Final = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}


class Measure(NamedTuple):
    """The encoding a text needs, and its length there: septets in GSM-7, code units in UCS-2."""

    encoding: Encoding
    units: int


def measure(text: str) -> Measure:
    """How long a text is in the encoding it needs.

    An extension character takes two septets; a character outside the BMP takes two code units.
    """
    if BASIC.issuperset(text):
        return Measure(Encoding.GSM7, len(text))
    if _GSM7.issuperset(text):
        return Measure(Encoding.GSM7, sum(map(_septets, text)))
    return Measure(Encoding.UCS2, len(text.encode("utf-16-le", "surrogatepass")) // 2)


def segments(text: str) -> int:
    """How many SMS a text is sent in: 0 when empty, 1 within 160/70, else parts of 153/67 units.

    No part ends in the middle of a two-unit character.
    """
    measured = measure(text)
    whole, part = _SEGMENT[measured.encoding]
    if measured.units <= whole:
        return 1 if text else 0
    cost = _septets if measured.encoding is Encoding.GSM7 else _code_units
    count, used = 1, 0
    for units in map(cost, text):
        if used + units > part:
            count, used = count + 1, 0
        used += units
    return count


def fold(text: str) -> str:
    """The text with each character that has an honest equal in GSM-7 replaced by it.

    Quotes, dashes, spaces, ligatures and diacritics are folded; what has no equal (Arabic,
    Tifinagh, emoji) is left alone, so the result may still need UCS-2.
    """
    text = unicodedata.normalize("NFC", text)
    return _GUILLEMET.sub('"', text).translate(_FOLD)


def only(text: str) -> str:
    """The text folded, with all that is not in GSM-7 left out, and no gap where it stood."""
    kept = "".join(character for character in fold(text) if character in _GSM7)
    return "\n".join(" ".join(filter(None, line.split(" "))) for line in kept.split("\n"))


def _septets(character: str) -> int:
    return 2 if character in EXTENSION else 1


def _code_units(character: str) -> int:
    return 2 if character > "\uffff" else 1


# French sets its quotation marks off by a space, which a plain quotation mark does not want.
_GUILLEMET: Final = re.compile("«[ \u00a0\u202f]?|[ \u00a0\u202f]?»")

# equal in GSM-7 -> the characters written as it
_EQUALS: Final = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u00b4`\u02bc\u02b9\u2039\u203a",
    '"': "\u201c\u201d\u201e\u201f\u2033",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u2023",
    "...": "\u2026",
    " ": "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000",
    "": "\u00ad\u200b\u2060\ufeff",
    "oe": "œ",
    "OE": "Œ",
    "gh": "ɣγ",
    "Gh": "Ɣ",
    "3": "ɛƐε³",
    "w": "ʷ",
    "e": "ᵉ",
    "r": "ʳ",
    "o": "°º",
    "a": "ª",
    "2": "²",
    "x": "×",
    "1/2": "½",
    "<=": "≤",
    ">=": "≥",
    "->": "→",
    "No": "№",
}


def _without_marks() -> dict[str, str]:
    """Latin letters whose diacritics GSM-7 lacks, each with its bare letter."""
    table = {}
    for code in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        bare = unicodedata.normalize("NFD", chr(code))[0]
        if chr(code) not in _GSM7 and bare != chr(code) and bare.isascii():
            table[chr(code)] = bare
    return table


_FOLD: Final = str.maketrans(
    _without_marks() | {other: equal for equal, others in _EQUALS.items() for other in others}
)
