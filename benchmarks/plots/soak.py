"""The picture of `bin/bench soak`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from benchmarks.plots.style import colour, new_picture


def minutes(found: Mapping[str, Any]) -> Figure:
    """Latency and memory, minute by minute: each process with its children is one line."""
    figure, (times, memory) = new_picture(9.5, 3.4, 2)
    rows = found["minutes"]
    numbers = range(1, len(rows) + 1)
    for name, shade in (("p95_ms", "#EE6677"), ("p50_ms", "#4477AA")):
        times.plot(numbers, [row[name] for row in rows], marker=".", label=name[:3], color=shade)
    times.set_ylabel("ms to an answer")
    names = sorted({_role(name) for row in rows for name in row["pss_mb"]})
    for name in names:
        held = [
            sum(mb for process, mb in row["pss_mb"].items() if _role(process) == name)
            for row in rows
        ]
        memory.plot(numbers, held, marker=".", label=name, color=colour(name, names))
    memory.set_ylabel("MB (PSS)")
    for axes in (times, memory):
        axes.set_ylim(0, 1.1 * axes.get_ylim()[1])
        axes.set_xlabel("minute")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    times.legend(loc="best")
    memory.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=7)
    return figure


def _role(process: str) -> str:
    return process.partition(" ")[0]
