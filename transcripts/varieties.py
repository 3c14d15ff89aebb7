"""Which variety of its language a message is in, by its script and its conversation's language.

It is the folder of `data/nlu/` that such a message belongs to. No I/O.
"""

from __future__ import annotations

import re
from typing import Final

VARIETIES: Final = ("ar", "ary_arab", "ary_latn", "fr", "zgh_latn", "zgh_tfng", "zgh_arab")
_TIFINAGH: Final = re.compile(r"[\u2d30-\u2d7f]")
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
# Language of the conversation: in Arabic letters, in Latin ones. Nobody writes Modern Standard
# Arabic in Latin letters, and French in Arabic ones is Darija.
_BY_SCRIPT: Final = {
    "ar": ("ar", "ary_latn"),
    "ary": ("ary_arab", "ary_latn"),
    "zgh": ("zgh_arab", "zgh_latn"),
    "fr": ("ary_arab", "fr"),
}


def variety_of(language: str, text: str) -> str:
    """The likeliest variety of a text; where the language is not known, its script decides."""
    if _TIFINAGH.search(text):
        return "zgh_tfng"
    in_arabic, in_latin = _BY_SCRIPT.get(language, ("ary_arab", "fr"))
    return in_arabic if _ARABIC.search(text) else in_latin
