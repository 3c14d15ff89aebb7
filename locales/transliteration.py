"""Amazigh in Latin letters, for phones that have no Tifinagh.

`tifinagh.tsv` holds a line per letter: the letter, its Latin letter in IRCAM's table, and how that
is written with what GSM-7 has (gh, kh, ch, 3: the spelling of chats, no norm). Only Tifinagh
letters change, so that acronyms and web addresses inside a text stay as they are.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import Final

from locales.languages import FOLDER

_TABLE: Final = FOLDER / "tifinagh.tsv"


@cache
def _letters(column: str) -> dict[int, str]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {ord(row["tifinagh"]): row[column] for row in rows}


def to_latin(text: str) -> str:
    """The text with its Tifinagh letters in IRCAM's Latin letters: ⵜⴰⵎⴰⵣⵉⵖⵜ becomes tamaziɣt."""
    return text.translate(_letters("latin"))


def to_gsm(text: str) -> str:
    """The text with its Tifinagh letters as GSM-7 can write them: ⵜⴰⵎⴰⵣⵉⵖⵜ becomes tamazight."""
    return text.translate(_letters("gsm"))
