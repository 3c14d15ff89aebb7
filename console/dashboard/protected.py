"""Applications by where they came from: tables of which small cells are hidden.

They are of one calendar month each. Of days chosen freely two choices could be subtracted from each
other, and what is left would be a table of few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from console.dashboard.naming import Naming
from console.dashboard.suppression import Suppression
from console.dashboard.tables import Column, Table, summed
from transcripts.figures import Figure

STATES: Final = ("queued", "sent", "refused", "stuck")
_BY: Final[dict[str, Callable[[Figure], str]]] = {
    "applications_region": lambda one: one.subject.detail.partition(",")[0],
    "applications_area": lambda one: one.subject.detail.partition(",")[2],
    "applications_language": lambda one: one.subject.language,
}
KEYS: Final = tuple(_BY)


def applications(figures: Sequence[Figure], naming: Naming) -> list[Table]:
    """Applications by state and by region, kind of place, and language."""
    sums = {key: _counted(figures, by) for key, by in _BY.items()}
    names = {key: sorted({name for name, _ in one}) for key, one in sums.items()}
    counts = {
        key: [[int(sums[key][name, state]) for state in STATES] for name in names[key]]
        for key in _BY
    }
    hidden = _hide_together(counts)
    named: dict[str, Callable[[str], str]] = {
        "applications_region": naming.region,
        "applications_area": lambda area: naming.say(f"area_{area}" if area else "not_known"),
        "applications_language": naming.language,
    }
    columns = (*(Column(naming.say(f"state_{state}")) for state in STATES), _total(naming))
    made = []
    for key in _BY:
        labels = [*map(named[key], names[key]), naming.say("total")] if names[key] else []
        lines = tuple(
            (label, tuple(cells)) for label, cells in zip(labels, hidden[key], strict=False)
        )
        made.append(
            Table(key, naming.say(f"{key}_head"), columns, lines, (len(STATES),), footing=1)
        )
    return made


def _counted(figures: Sequence[Figure], by: Callable[[Figure], str]) -> dict[Any, float]:
    return summed(figures, "applications", lambda one: (by(one), one.subject.name))


def _hide_together(counts: dict[str, list[list[int]]]) -> dict[str, list[list[int | None]]]:
    """Hide in all of these tables, which share their last line, what is hidden in one of them."""
    common: set[int] = set()
    while True:
        each = {key: Suppression(rows, hidden_totals=common) for key, rows in counts.items()}
        hidden = set().union(*(one.hidden_totals for one in each.values()))
        if hidden == common:
            return {key: one.shown() for key, one in each.items()}
        common = hidden


def _total(naming: Naming) -> Column:
    return Column(naming.say("total"))
