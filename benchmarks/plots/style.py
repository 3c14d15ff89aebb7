"""How every picture looks: SVG with real text, and the same colours for the same things."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# By Paul Tol's scheme for people who do not tell all colours apart.
_PROCESSES: Final = {
    "door": "#4477AA",
    "engine": "#EE6677",
    "actions": "#228833",
    "redis": "#CCBB44",
    "menu": "#66CCEE",
    "constant": "#AA3377",
    "worker": "#999999",
    "console": "#AA3377",
    "beat": "#000000",
    "intake": "#66CCEE",
    "phone": "#EE8866",
    "registry": "#44BB99",
}
_SYSTEMS: Final = {
    "twiza": "#4477AA",
    "stock_rule": "#EE6677",
    "stock_diet": "#AA3377",
    "hand_menu": "#228833",
    "constant": "#BBBBBB",
}
_OTHERS: Final = ("#66CCEE", "#CCBB44", "#AA3377", "#999933", "#DDCC77", "#117733", "#332288")


def new_picture(width: float, height: float, panels: int = 1) -> tuple[Figure, list[Axes]]:
    """A figure of so many inches, with panels side by side."""
    # Without a salt of its own every run names the parts of a picture anew.
    mpl.rc("svg", fonttype="none", hashsalt="bench")
    mpl.rc("font", family="sans-serif", size=9)
    mpl.rc("axes", axisbelow=True, titlesize=10, titlelocation="left")
    mpl.rc("axes.spines", top=False, right=False)
    mpl.rc("legend", frameon=False)
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, [figure.add_subplot(1, panels, number + 1) for number in range(panels)]


def colour(name: str, others: Sequence[str] = ()) -> str:
    """The colour of a process or a system; of `others` each has one of its own."""
    known = _PROCESSES | _SYSTEMS
    return known.get(name) or _OTHERS[list(others).index(name) % len(_OTHERS)]


def save(figure: Figure, title: str, note: str, path: Path) -> Path:
    """Write a picture with its title and, small, what was measured when and where."""
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    if note:
        figure.supxlabel(note, x=0.01, ha="left", fontsize=7, color="#555555")
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"Date": None, "Creator": "bin/bench", "Title": title, "Description": note}
    figure.savefig(path, format="svg", metadata=about)
    # matplotlib ends lines of paths with a blank.
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")
    return path
