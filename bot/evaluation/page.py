"""The pictures and the numbers of docs/understanding.md, written from one evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.matrix import draw_matrix
from evaluation.scores import Line
from evaluation.thresholds import draw_scores
from evaluation.varieties import draw_varieties

_PLACE = "<!-- {}: written by bin/evaluate --publish -->"
_END = "<!-- end of the {} -->"
_COLUMNS = ("accuracy", "macro_f1", "entity_f1", "fallback", "accepted_accuracy")
_MOST_MISTAKES = 10


class PageWithoutPlace(ValueError):
    """A page has not the two comments between which a part of it is written."""


def write_pictures(
    folder: Path, by_file: Mapping[str, Sequence[Line]], threshold: float, order: Sequence[str]
) -> list[Path]:
    """Write confusions.svg, varieties.svg and scores.svg into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for read in by_file.values() for line in read]
    pictures = {
        "confusions.svg": draw_matrix(lines, threshold, order),
        "varieties.svg": draw_varieties(by_file, threshold),
        "scores.svg": draw_scores(lines, threshold),
    }
    for name, picture in pictures.items():
        (folder / name).write_text(picture, "utf-8")
    return [folder / name for name in pictures]


def with_part(page: str, name: str, part: str) -> str:
    """The page with the part of this name replaced. Raises PageWithoutPlace."""
    place, ending = _PLACE.format(name), _END.format(name)
    before, begin, rest = page.partition(place)
    _, end, after = rest.partition(ending)
    if not begin or not end:
        raise PageWithoutPlace(f"no place between {place} and {ending}")
    return f"{before}{begin}\n{part}{end}{after}"


def numbers(result: Mapping[str, Any], day: str, threshold: float) -> str:
    """Two tables in Markdown: each file's numbers in per cent, and the most frequent mistakes."""
    rows = [
        f"Measured on {day}, threshold {threshold}.",
        "",
        "| lines in | n | accuracy | macro-F1 | entities F1 | asked again | right when accepted |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in [*result["files"].items(), ("**all**", result["overall"])]:
        shares = " | ".join(f"{100 * row[column]:.1f}" for column in _COLUMNS)
        rows.append(f"| {name} | {row['n']} | {shares} |")
    parse, open_set = result["parse_ms"], result["out_of_scope"]
    rows += [
        "",
        (
            f"Out of scope: AUROC {open_set['auroc']:.3f}; {100 * open_set['fpr_at_95']:.1f} % of"
            " these messages pass the bar that 95 % of those within scope pass."
            f" One parse: {parse['p50']:.0f} ms (median), {parse['p95']:.0f} ms (95th of 100)."
        ),
        "",
        "| meant | taken for | times |",
        "|---|---|---|",
    ]
    rows += [f"| {m} | {g} | {n} |" for m, g, n in result["confusions"][:_MOST_MISTAKES]]
    return "\n".join(rows) + "\n"


def worth(rows: Sequence[Sequence[str]], day: str) -> str:
    """A table in Markdown of accuracies by what was left out; the first row is its head."""
    head, *others = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([f"Measured on {day}.", "", head, "|---" * len(rows[0]) + "|", *others]) + "\n"
