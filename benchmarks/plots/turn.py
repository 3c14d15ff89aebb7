"""Pictures of `bin/bench turn`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.cpu import OUTSIDE
from benchmarks.plots.style import colour, new_picture

_ORDER: Final = ("door", "engine", "actions", "redis", "menu", "constant")
_LEAST_MS: Final = 0.05
_SHORTEST_MS: Final = 0.2
_SHADE: Final = 0.4
# Room for the figures beside the longest bar, on a scale of powers of ten.
_ROOM: Final = 40


def processes(found: Mapping[str, Any]) -> Figure:
    """Processor milliseconds of a turn: a bar for each system, a part for each process."""
    systems = _systems(found)
    figure, (axes,) = new_picture(7.5, 1.5 + 0.35 * len(systems))
    roles = {role for one in systems.values() for role in one["cpu_ms_by_role"]} - OUTSIDE
    ordered = [role for role in _ORDER if role in roles] + sorted(roles - set(_ORDER))
    left = dict.fromkeys(systems, 0.0)
    shown = [
        role
        for role in ordered
        # What idles beside is no part of a turn, and would only fill the legend.
        if max(one["cpu_ms_by_role"].get(role, 0.0) for one in systems.values()) >= _LEAST_MS
    ]
    for role in shown:
        spent = [one["cpu_ms_by_role"].get(role, 0.0) for one in systems.values()]
        axes.barh(
            list(systems), spent, left=list(left.values()), label=role, color=colour(role, shown)
        )
        left = {name: left[name] + ms for name, ms in zip(systems, spent, strict=True)}
    for row, one in enumerate(systems.values()):
        total = one["cpu_ms_per_turn"]
        axes.text(total, row, f" {total:.1f}", va="center")
    axes.invert_yaxis()
    axes.set_xlim(right=1.1 * max(left.values()))
    axes.set_xlabel("CPU ms of a turn, without registry and worker")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def rates(found: Mapping[str, Any]) -> Figure:
    """Turns a second by how many citizens there are, on a scale of powers of ten."""
    systems = _systems(found)
    figure, (axes,) = new_picture(7.5, 3.2)
    for name, one in systems.items():
        numbers, values = _by_number(one["turns_per_s"])
        places = range(len(numbers))
        axes.plot(places, values, marker="o", label=name, color=colour(name))
        overrun = one.get("overrun", {})
        for place, number, value in zip(places, numbers, values, strict=True):
            mark = " overrun" if overrun.get(str(number), {}).get("wrong_turns") else ""
            text, above = f"{value:.0f}{mark}", (0, 5)
            axes.annotate(text, (place, value), above, textcoords="offset points", ha="center")
    _name_citizens(axes, systems)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:.0f}")
    axes.margins(x=0.08, y=0.12)
    axes.set_ylabel("right turns a second")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def latencies(found: Mapping[str, Any]) -> Figure:
    """Percentiles of the time to an answer: a panel for each number of citizens."""
    systems = {name: one for name, one in _systems(found).items() if one.get("latency_ms")}
    numbers = sorted({int(n) for one in systems.values() for n in one["latency_ms"]})
    figure, panels = new_picture(8.5, 1.4 + 0.4 * len(systems), len(numbers))
    all_taken = [taken for one in systems.values() for taken in one["latency_ms"].values()]
    longest = max((ms for taken in all_taken for ms in taken.values()), default=1.0)
    for axes, number in zip(panels, numbers, strict=True):
        for row, (name, one) in enumerate(systems.items()):
            taken = one["latency_ms"].get(str(number), {})
            # All are light, so that where a shorter one lies on a longer one it is darker.
            for share in sorted(taken, reverse=True):
                axes.barh(row, taken[share], color=colour(name), alpha=_SHADE)
                axes.plot([taken[share]] * 2, [row - 0.4, row + 0.4], color="#222222", lw=0.8)
            if taken:
                words = " / ".join(f"{taken[share]:.0f}" for share in sorted(taken))
                axes.text(max(taken.values()) * 1.1, row, words, va="center", fontsize=7)
        axes.set_xscale("log")
        axes.set_xlim(_SHORTEST_MS, _ROOM * longest)
        axes.set_yticks(range(len(systems)), list(systems) if axes is panels[0] else [])
        axes.invert_yaxis()
        axes.set_title("1 citizen" if number == 1 else f"{number} citizens")
        axes.set_xlabel("ms: p50 / p95 / p99")
    return figure


def conversation(found: Mapping[str, Any]) -> Figure:
    """What turns cost from the first to the four hundredth of one conversation."""
    figure, (axes,) = new_picture(7.5, 2.6)
    turns, spent = _by_number(found["long_conversation"]["cpu_ms_by_turn"])
    axes.plot(turns, spent, marker="o", color=colour("twiza"))
    axes.set_ylim(0, 1.2 * max(spent))
    axes.set_xlabel("turn of the conversation")
    axes.set_ylabel("CPU ms of a turn")
    return figure


def _systems(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in found["systems"].items() if "cpu_ms_per_turn" in one}


def _by_number(given: Mapping[str, float]) -> tuple[list[int], list[float]]:
    numbers = sorted(int(number) for number in given)
    return numbers, [given[str(number)] for number in numbers]


def _name_citizens(axes: Axes, systems: Mapping[str, Any]) -> None:
    numbers, _ = _by_number(next(iter(systems.values()))["turns_per_s"])
    names = ["1 citizen" if number == 1 else f"{number} citizens" for number in numbers]
    axes.set_xticks(range(len(numbers)), names)
