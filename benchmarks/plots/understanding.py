"""The picture of `bin/bench understanding`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from matplotlib.figure import Figure

from benchmarks.plots.style import colour, new_picture

_WIDTH: Final = 0.8


def accuracy(found: Mapping[str, Any]) -> Figure:
    """The share of messages whose first intent is right, by variety and pipeline."""
    systems = {name: one for name, one in found["systems"].items() if "by_file" in one}
    varieties = list(next(iter(systems.values()))["by_file"])
    figure, (axes,) = new_picture(8.5, 3.2)
    each = _WIDTH / len(systems)
    for number, (name, one) in enumerate(systems.items()):
        places = [at - _WIDTH / 2 + each * (number + 0.5) for at in range(len(varieties))]
        shares = [100 * one["by_file"].get(variety, 0.0) for variety in varieties]
        axes.bar(places, shares, each, label=name, color=colour(name, list(systems)))
    axes.set_xticks(range(len(varieties)), varieties)
    axes.set_ylim(0, 100)
    axes.set_ylabel("% right")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure
