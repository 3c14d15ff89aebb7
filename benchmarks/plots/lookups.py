"""The picture of `bin/bench registry`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from benchmarks.plots.style import colour, new_picture


def rates(found: Mapping[str, Any]) -> Figure:
    """Lookups a second, and how long one takes, for each registry and each fault."""
    rows = {f"{int(name):,} households": one for name, one in found["households"].items()}
    rows |= {f"faults: {name}": one for name, one in found.get("faults", {}).items()}
    figure, (rate, latency) = new_picture(9.5, 3.2, 2)
    for name, one in rows.items():
        numbers = sorted(int(number) for number in one["lookups_per_s"])
        values = [one["lookups_per_s"][str(number)] for number in numbers]
        rate.plot(
            [str(n) for n in numbers], values, marker="o", label=name, color=_shade(name, rows)
        )
    rate.set_ylim(bottom=0)
    rate.set_xlabel("citizens")
    rate.set_ylabel("lookups a second")
    rate.legend(loc="best", fontsize=7)
    for row, (name, one) in enumerate(rows.items()):
        latency.barh(row, one["p95_ms"], color=_shade(name, rows), alpha=0.45)
        latency.barh(row, one["p50_ms"], color=_shade(name, rows))
    latency.set_yticks(range(len(rows)), list(rows))
    latency.invert_yaxis()
    latency.set_xlabel("ms of a lookup: p50, and lighter p95")
    return figure


def _shade(name: str, rows: Mapping[str, Any]) -> str:
    return colour(name, list(rows))
