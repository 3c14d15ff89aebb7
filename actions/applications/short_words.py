"""Yes, no, back, stop, help: known here exactly, where what is typed may not reach the engine.

A short answer to a question of an application is sealed before the engine could read it. Whoever
opens it knows the short acts from the same training messages as the engine, folded simply: small
letters, no accents, no vowel signs, no letter drawn out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TRAINING: Final = Path(__file__).resolve().parents[2] / "data" / "nlu"
_ACTS: Final = frozenset(("affirm", "deny", "back", "cancel", "help", "greet", "thank", "goodbye"))
# Where their training messages stand.
_FILES: Final = ("conversation", "assistance")
_MOST_WORDS: Final = 3
# With letters drawn out; what is longer is no short act however it folds.
_LONGEST: Final = 40
_INTENT: Final = re.compile(r"^\s*- intent: (\w+)")
_EXAMPLE: Final = re.compile(r"^\s+- (.+)")
_ENTITY: Final = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1{2,}")
_WORD: Final = re.compile(r"[^\W_]+")
_ALIKE: Final = str.maketrans("أإآٱىةؤئگڭکھ", "اااايهويكككه", "\u0640")


def fold(text: str) -> str:
    """The words of a text in their simplest spelling."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_ALIKE)
    return " ".join(_WORD.findall(_DRAWN_OUT.sub(r"\1", plain)))


class ShortWords:
    """The short acts by what people say; what stands under two of them means neither."""

    def __init__(self, said: Iterable[tuple[str, str]]) -> None:
        self._acts: dict[str, str] = {}
        for text, act in said:
            folded = fold(text)
            if folded and len(folded.split()) <= _MOST_WORDS:
                known = self._acts.setdefault(folded, act)
                self._acts[folded] = act if known == act else ""

    @classmethod
    def load(cls, folder: Path = TRAINING) -> ShortWords:
        """Read the training messages of every variety."""
        return cls(pair for path in sorted(folder.glob("*/*.yml")) for pair in _examples(path))

    def act(self, typed: str) -> str:
        """The act that is all that was typed (an intent's name), or an empty text."""
        return self._acts.get(fold(typed), "") if len(typed) <= _LONGEST else ""


def _examples(path: Path) -> Iterable[tuple[str, str]]:
    intent = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if named := _INTENT.match(line):
            intent = named.group(1)
        elif intent in _ACTS and (example := _EXAMPLE.match(line)):
            yield _ENTITY.sub(r"\1", example.group(1)), intent
