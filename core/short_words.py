"""Yes, no, back, stop, help, and the names of services: known exactly, without the engine.

A short answer to a question of an application is sealed before the engine could read it. Whoever
opens it knows the short acts from the same training messages as the engine, folded simply: small
letters, no accents, no vowel signs, no letter drawn out. The door knows by the same what asks for
another service and answers nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TRAINING: Final = Path(__file__).resolve().parents[1] / "data" / "nlu"
SHORT_ACTS: Final = frozenset(
    ("affirm", "deny", "back", "cancel", "help", "greet", "thank", "goodbye")
)
# Asked for in between, in words that are no answer to any question of a form.
SERVICES_IN_BETWEEN: Final = frozenset(
    ("change_language", "talk_to_agent", "privacy", "stop_notifications")
)
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
    def load(cls, acts: frozenset[str] = SHORT_ACTS, folder: Path = TRAINING) -> ShortWords:
        """Read the training messages of these intents, in every variety."""
        files = sorted(folder.glob("*/*.yml"))
        return cls(pair for path in files for pair in _examples(path, acts))

    def act(self, typed: str) -> str:
        """The act that is all that was typed (an intent's name), or an empty text."""
        return self._acts.get(fold(typed), "") if len(typed) <= _LONGEST else ""


def _examples(path: Path, acts: frozenset[str]) -> Iterable[tuple[str, str]]:
    intent = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if named := _INTENT.match(line):
            intent = named.group(1)
        elif intent in acts and (example := _EXAMPLE.match(line)):
            yield _ENTITY.sub(r"\1", example.group(1)), intent
