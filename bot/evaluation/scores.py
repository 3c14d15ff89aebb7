"""The arithmetic of an evaluation, apart from the model: plain lists in, plain numbers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

OUT_OF_SCOPE = "out_of_scope"
Entities = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """One labelled message and what the model made of it.

    `guessed` is the top intent before the fallback threshold, `confidence` its score.
    """

    intent: str
    entities: Entities
    guessed: str
    confidence: float
    found: Entities

    def is_accepted(self, threshold: float) -> bool:
        """True where the engine would act on the guess rather than ask."""
        return self.confidence >= threshold

    def is_right(self, threshold: float) -> bool:
        """True for the right intent; what is out of scope is right also where it falls back."""
        if self.intent == OUT_OF_SCOPE:
            return self.guessed == OUT_OF_SCOPE or not self.is_accepted(threshold)
        return self.guessed == self.intent


def summary(lines: Sequence[Line], threshold: float) -> dict[str, Any]:
    """Accuracy, macro-F1, entity F1, share of fallback, accuracy of the accepted, and the count."""
    within = [line for line in lines if line.intent != OUT_OF_SCOPE]
    accepted = [line for line in lines if line.is_accepted(threshold)]
    return {
        "accuracy": _share(sum(line.is_right(threshold) for line in lines), len(lines)),
        "macro_f1": macro_f1(lines, threshold),
        "entity_f1": entity_f1(lines),
        "fallback": _share(sum(not line.is_accepted(threshold) for line in within), len(within)),
        "accepted_accuracy": _share(
            sum(line.guessed == line.intent for line in accepted), len(accepted)
        ),
        "n": len(lines),
    }


def understood(line: Line, threshold: float) -> str:
    """The intent a line counts as: the guess, or out of scope where it is and falls back."""
    return line.intent if line.is_right(threshold) else line.guessed


def macro_f1(lines: Sequence[Line], threshold: float) -> float:
    """The mean of the F1 of the intents that are labelled."""
    per_intent = intent_f1(lines, threshold)
    return _share(sum(per_intent.values()), len(per_intent))


def intent_f1(lines: Sequence[Line], threshold: float) -> dict[str, float]:
    """The F1 of each intent that is labelled."""
    guesses = [(x.intent, understood(x, threshold)) for x in lines]
    right = Counter(intent for intent, guessed in guesses if intent == guessed)
    labelled = Counter(intent for intent, _ in guesses)
    guessed_so = Counter(guessed for _, guessed in guesses)
    return {
        intent: _share(2 * right[intent], labelled[intent] + guessed_so[intent])
        for intent in sorted(labelled)
    }


def entity_f1(lines: Sequence[Line]) -> float:
    """F1 over entities with exact values; 1 where there is nothing to find and nothing found."""
    right = sum(len(line.entities & line.found) for line in lines)
    total = sum(len(line.entities) + len(line.found) for line in lines)
    return _share(2 * right, total) if total else 1.0


def confusions(lines: Sequence[Line], threshold: float, most: int = 20) -> list[list[Any]]:
    """The most frequent mistakes: intent, what it was taken for, how often."""
    wrong = Counter((x.intent, x.guessed) for x in lines if not x.is_right(threshold))
    return [[intent, guessed, count] for (intent, guessed), count in wrong.most_common(most)]


def open_set(lines: Sequence[Line]) -> dict[str, float]:
    """How well the score tells in-scope from out-of-scope messages.

    The score of a message is its confidence, or zero where it is taken for out of scope. `auroc` is
    the chance that an in-scope message scores higher than one out of scope, `fpr_at_95` the share
    of the latter that score above the bar which 95 % of the former pass.
    """
    inside = sorted(score(x) for x in lines if x.intent != OUT_OF_SCOPE)
    outside = [score(x) for x in lines if x.intent == OUT_OF_SCOPE]
    if not inside or not outside:
        return {"auroc": 0.0, "fpr_at_95": 1.0}
    wins = sum((s > o) + 0.5 * (s == o) for s in inside for o in outside)
    bar = inside[int(0.05 * len(inside))]
    return {
        "auroc": round(wins / (len(inside) * len(outside)), 4),
        "fpr_at_95": _share(sum(score >= bar for score in outside), len(outside)),
    }


def score(line: Line) -> float:
    """The confidence of a line, or zero where it is taken for out of scope."""
    return 0.0 if line.guessed == OUT_OF_SCOPE else line.confidence


def _share(part: float, whole: float) -> float:
    return round(part / whole, 6) if whole else 0.0
