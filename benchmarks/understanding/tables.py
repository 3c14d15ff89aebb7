"""The comparison as tables: a line per contender. What is better stands in the head of a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from benchmarks.table import lines_up

Figures = dict[str, Any]
SCORES: Final = ("accuracy", "macro_f1", "entity_f1", "fallback", "accepted_accuracy")


def all_of(figures: Mapping[str, Figures]) -> list[str]:
    """The three tables: by variety, overall, and the cost."""
    return [by_file(figures), overall(figures), cost(figures)]


def by_file(figures: Mapping[str, Figures]) -> str:
    """Accuracy in each file, and over all messages."""
    stems = list(next(iter(figures.values()))["by_file"])
    rows = [["accuracy %", *stems, "all"]]
    for name, one in figures.items():
        shares = [one["by_file"].get(stem) for stem in stems]
        rows.append([name, *(_percent(share) for share in [*shares, one["accuracy"]])])
    return lines_up(rows)


def overall(figures: Mapping[str, Figures]) -> str:
    """F1, what is accepted and asked again, and how well foreign messages are told."""
    head = ["%", "macro F1", "entities F1", "accepted right", "asked again"]
    rows = [[*head, "right at 5 asked again", "AUROC", "FPR at 95"]]
    names = ["macro_f1", "entity_f1", "accepted_accuracy", "fallback", "accepted_at_5"]
    for name, one in figures.items():
        rows.append([name, *(_percent(one[n]) for n in [*names, "auroc", "fpr_at_95"])])
    return lines_up(rows)


def cost(figures: Mapping[str, Figures]) -> str:
    """Seconds, memory, size and the time of one parse."""
    head = ["cost", "train s", "train CPU s", "train peak MB", "model MB", "loaded MB"]
    rows = [[*head, "parse p50 ms", "parse p95 ms"]]
    names = ["train_s", "train_cpu_s", "train_peak_mb", "model_mb", "loaded_mb"]
    for name, one in figures.items():
        cells = [f"{one[n]:.0f}" if n.endswith("s") or "_peak" in n else f"{one[n]}" for n in names]
        times = [f"{one[n]:.1f}" for n in ("parse_p50_ms", "parse_p95_ms")]
        rows.append([name, *cells, *times])
    return lines_up(rows)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"
