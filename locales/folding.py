"""Spelling folded away, as the engine folds it: one plain form to find words by.

`folding.json` holds the tables, which the engine's `components/folding.py` reads too: signs that
nobody reads, Arabic letters written several ways, letters that only look Latin.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from functools import cache
from typing import Any, Final

from locales.languages import FOLDER

_TABLES: Final = FOLDER / "folding.json"
_TIFINAGH: Final = FOLDER / "tifinagh.tsv"
_LONG_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_WORD: Final = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """A text in small plain letters: no accents, elongation, look-alikes or signs."""
    signs, capitals, *tables = _tables()
    text = unicodedata.normalize("NFKC", text).translate(capitals).lower()
    text = signs.sub("", text)
    for table in tables:
        text = text.translate(table)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(_LONG_RUN.sub(r"\1", text)))


@cache
def _tables() -> tuple[Any, ...]:
    read = json.loads(_TABLES.read_text(encoding="utf-8"))
    with _TIFINAGH.open(encoding="utf-8", newline="") as lines:
        tifinagh = {
            row["tifinagh"]: row["gsm"]
            for row in csv.DictReader(lines, delimiter="\t")
            if len(row["tifinagh"]) == 1
        }
    signs = re.compile(f"[{read['signs']}]")
    tables = (read["capitals"], read["arabic"], tifinagh, read["latin"])
    return (signs, *(str.maketrans(table) for table in tables))
