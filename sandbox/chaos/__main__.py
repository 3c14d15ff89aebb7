"""Let citizens live with a house while its processes and stores fail, and prove what came of it.

It starts a house of its own, plays citizens on USSD, WhatsApp and SMS, kills, stalls and locks
everything in turn, delivers webhooks twice and out of order, waits until all is quiet, and counts.
The exit status is 1 if anything was lost, doubled, late, unrecorded or shown to somebody else, and
where nobody came as far as to send anything that could be lost.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from core.environment import inherited
from sandbox.chaos.conductor import Conductor, Fault
from sandbox.chaos.counting import SHOWN, ZEROS
from sandbox.chaos.house import House, NotStarted, started
from sandbox.chaos.living import live, say
from sandbox.chaos.people import TooFewPeople
from sandbox.house.layout import GIVEN_STORES

# So that what a dead process left goes to another within the run.
IMPATIENT: Final = {
    "TWIZA_ENGINE_TIMEOUT_SECONDS": "20",
    "TWIZA_TASK_VISIBILITY_SECONDS": "30",
}


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bin/chaos", description=__doc__)
    parser.add_argument("--citizens", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=330, help="of faults; quiet comes then")
    parser.add_argument("--quiet", type=float, default=180, help="seconds for it, about")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="also write the figures; - is stdout")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the house's state there")
    return parser.parse_args(given)


def run(
    house: House,
    given: argparse.Namespace,
    outside: Mapping[Fault, Callable[[], None]] | None = None,
) -> dict[str, Any]:
    """Let everybody live, then count; `outside` are further faults, of what the house was given."""

    def make(*told: Any) -> Conductor:
        conductor = Conductor(*told)
        conductor.outside = outside or {}
        return conductor

    return live(house, given, make)


def proves(figures: dict[str, Any]) -> bool:
    """True where all that must be 0 is, and something was sent that could have been lost."""
    return bool(figures[SHOWN]) and not any(figures[name] for name in ZEROS)


def table(figures: dict[str, Any]) -> str:
    """The figures for a person to read."""
    rows = [(name, str(value)) for name, value in figures.items() if name != "faults"]
    rows += [(f"  {kind}", str(count)) for kind, count in figures["faults"].items()]
    return "\n".join(f"{name:<26}{value:>8}" for name, value in rows)


def main() -> int:
    """Run, print, and return 1 if any of what must be 0 is not."""
    given, began = read_arguments(), time.monotonic()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="twiza-chaos-") as folder,
            started(given.keep or Path(folder), IMPATIENT | inherited(*GIVEN_STORES)) as house,
        ):
            say(f"up after {time.monotonic() - began:.0f} s")
            figures = run(house, given)
    except (NotStarted, TooFewPeople) as failure:
        say(str(failure))
        return 1
    written = json.dumps(figures, indent=2)
    if given.json == "-":
        print(written)
    else:
        print(table(figures))
        if given.json:
            Path(given.json).write_text(written + "\n", encoding="utf-8")
    if not figures[SHOWN]:
        say("nobody was shown a reference: nothing was sent, so this run proves nothing of it")
    return 0 if proves(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
