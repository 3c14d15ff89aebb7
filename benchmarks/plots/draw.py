"""Draw the figures of `bin/bench turn`, `soak`, `registry` or `understanding` as SVG.

What a file holds is told by its keys; what it does not hold is not drawn.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.plots import lookups, soak, turn, understanding
from benchmarks.plots.style import save

_Drawing = Callable[[Mapping[str, Any]], Any]

# What is drawn where a key is found in the figures, or in those of their systems.
_PICTURES: Final[dict[str, tuple[str, str, _Drawing]]] = {
    "cpu_ms_by_role": ("turn-cpu", "Processor time of a turn", turn.processes),
    "turns_per_s": ("turn-rate", "Turns a second", turn.rates),
    "latency_ms": ("turn-latency", "How long an answer takes", turn.latencies),
    "cpu_ms_by_turn": ("turn-conversation", "A turn of one long conversation", turn.conversation),
    "minutes": ("soak", "At half load, minute by minute", soak.minutes),
    "households": ("registry", "How fast the registry is asked", lookups.rates),
    "by_file": ("understanding", "Messages understood", understanding.accuracy),
}


def draw(found: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw all that figures hold into a folder, which is made."""
    measured: Mapping[str, str] = found.get("measured", {})
    note = ". ".join(measured[name] for name in ("on", "machine") if name in measured)
    if "others" in measured:
        note += f". Other programs used {measured['others']}"
    systems: Mapping[str, Any] = found.get("systems", {})
    keys = {key for one in (found, *systems.values()) for key, held in one.items() if held}
    keys |= set(found.get("long_conversation", {}))
    return [
        save(drawing(found), title, note, folder / f"{name}.svg")
        for key, (name, title, drawing) in _PICTURES.items()
        if key in keys
    ]


def run(files: Sequence[Path], folder: Path) -> int:
    """Draw figures that were written to files; 1 where a file holds nothing to draw."""
    status = 0
    for file in files:
        drawn = draw(json.loads(file.read_text(encoding="utf-8")), folder)
        for path in drawn:
            print(path)
        if not drawn:
            print(f"bench: {file} holds nothing to draw", file=sys.stderr)
            status = 1
    return status
