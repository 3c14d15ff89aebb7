"""An evaluation before and after a change, side by side. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MEASURES: Final = ("accuracy", "macro_f1", "entity_f1", "fallback", "accepted_accuracy")
_LESS_IS_BETTER: Final = frozenset(("fallback",))
_MOST_INTENTS: Final = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A number in per cent before and after."""

    before: float
    after: float
    less_is_better: bool = False

    @property
    def points(self) -> float:
        """By how many points it changes."""
        return round(self.after - self.before, 1)

    @property
    def sense(self) -> str:
        """`gain`, `loss` or `same`."""
        if not self.points:
            return "same"
        return "gain" if (self.points > 0) is not self.less_is_better else "loss"


def compared(report: Mapping[str, Any]) -> list[tuple[str, int, list[Change]]]:
    """Each variety, and all at the end under an empty name: how many messages, and each measure."""
    if not report.get("after"):
        return []
    before, after = report["before"], report["after"]
    rows = [
        (name, before["files"][name], after["files"][name])
        for name in after["files"]
        if name in before["files"]
    ]
    rows.append(("", before["overall"], after["overall"]))
    return [
        (name, int(one["n"]), [_change(measure, one, other) for measure in MEASURES])
        for name, one, other in rows
    ]


def intents_compared(report: Mapping[str, Any]) -> list[tuple[str, Change]]:
    """The intents of which F1 changes most."""
    if not report.get("after"):
        return []
    before, after = report["before"]["per_intent"], report["after"]["per_intent"]
    changes = [(name, _of(before[name], after[name])) for name in after if name in before]
    moved = [one for one in changes if one[1].points]
    return sorted(moved, key=lambda one: -abs(one[1].points))[:_MOST_INTENTS]


def _change(measure: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    return _of(before[measure], after[measure], measure in _LESS_IS_BETTER)


def _of(before: float, after: float, less_is_better: bool = False) -> Change:
    return Change(round(100 * before, 1), round(100 * after, 1), less_is_better)
