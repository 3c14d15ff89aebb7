"""The rules of data/README.md, for lines that are to be added. No I/O.

`tokens` are the folded words of a text as the engine's tokenizer finds them.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal

from console.teaching.training import MARK, Addition, Trained

MOST_SHARED: Final = 0.70
MOST_ALIKE_OPENINGS: Final = 0.15
SHORT_ACTS: Final = frozenset(
    ("greet", "help", "affirm", "deny", "cancel", "back", "thank", "goodbye")
)
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
_TIFINAGH: Final = re.compile(r"[\u2d30-\u2d7f]")
_SCRIPTS: Final = {"ar": _ARABIC, "ary_arab": _ARABIC, "zgh_arab": _ARABIC, "zgh_tfng": _TIFINAGH}
_DIGITS: Final = re.compile(r"\d{7,}")

Fault = Literal[
    "no_words",
    "number",
    "script",
    "known",
    "other_intent",
    "development",
    "alike",
    "opening",
    "mark",
    "two_values",
]
Tokens = Callable[[str], Sequence[str]]


class Rules:
    """The training messages as they are, and with each line that is taken.

    `development` are the texts that are never trained on; `like_no` those that no line may
    resemble.
    """

    def __init__(
        self,
        trained: Sequence[Trained],
        tokens: Tokens,
        development: Iterable[str] = (),
        like_no: Iterable[str] = (),
    ) -> None:
        self._tokens = tokens
        self._groups: dict[tuple[str, str], list[Counter[str]]] = defaultdict(list)
        self._openings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._intents: dict[tuple[str, ...], str] = {}
        self._values: dict[str, str] = {}
        self._development = {tuple(tokens(text)) for text in development}
        self._like_no = [Counter(tokens(text)) for text in like_no]
        for one in trained:
            self._keep(one.variety, one.intent, one.written, one.typed)

    def take(self, addition: Addition) -> Fault | None:
        """Take a line, or name the rule it breaks."""
        fault = self._fault(addition)
        if fault is None:
            self._keep(addition.variety, addition.intent, addition.written, addition.typed)
        return fault

    def _keep(self, variety: str, intent: str, written: str, typed: str) -> None:
        words = tuple(self._tokens(typed))
        self._intents.setdefault(words, intent)
        self._groups[variety, intent].append(Counter(words))
        if words:
            self._openings[variety, intent][words[0]] += 1
        for mark in MARK.finditer(written):
            self._values.setdefault(mark["said"].casefold(), mark["meant"])

    def _fault(self, one: Addition) -> Fault | None:
        words = tuple(self._tokens(one.typed))
        if not words:
            return "no_words"
        if _DIGITS.search(one.typed):
            return "number"
        if not _is_in_script(one.variety, one.typed):
            return "script"
        if words in self._intents:
            return "known" if self._intents[words] == one.intent else "other_intent"
        if words in self._development:
            return "development"
        if any(shared(Counter(words), other) > MOST_SHARED for other in self._like_no):
            return "development"
        return self._fault_of_marks(one) or self._fault_among_others(one, words)

    def _fault_among_others(self, one: Addition, words: tuple[str, ...]) -> Fault | None:
        if one.intent in SHORT_ACTS:
            return None
        group = self._groups[one.variety, one.intent]
        mine = Counter(words)
        if any(shared(mine, other) > MOST_SHARED for other in group):
            return "alike"
        alike = self._openings[one.variety, one.intent][words[0]] + 1
        return "opening" if alike > MOST_ALIKE_OPENINGS * (len(group) + 1) else None

    def _fault_of_marks(self, one: Addition) -> Fault | None:
        for mark in MARK.finditer(one.written):
            around = one.written[: mark.start()][-1:] + one.written[mark.end() :][:1]
            if re.search(r"[\w'’]", around):
                return "mark"
            known = self._values.get(mark["said"].casefold())
            if known is not None and json.loads(known) != json.loads(mark["meant"]):
                return "two_values"
        return None


def shared(one: Counter[str], other: Counter[str]) -> float:
    """How much two messages have in common: 0 for no word, 1 for the same words."""
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 0.0


def _is_in_script(variety: str, text: str) -> bool:
    script = _SCRIPTS.get(variety)
    if script is not None:
        return script.search(text) is not None
    return not (_ARABIC.search(text) or _TIFINAGH.search(text))
