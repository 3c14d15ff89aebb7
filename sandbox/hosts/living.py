"""Let citizens live with several hosts while one after the other is cut off: bin/hosts.

It starts hosts of its own, plays citizens on USSD, WhatsApp and SMS through a proxy, pulls cables,
waits until all is quiet, and counts as bin/chaos does. The exit status is 1 if anything was lost,
doubled, late outside a cut, unrecorded or shown to somebody else; 0, with a reason, where this
machine allows no hosts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from sandbox.chaos.__main__ import IMPATIENT, proves, table
from sandbox.chaos.counting import THROWN_BACK
from sandbox.chaos.house import NotStarted
from sandbox.chaos.living import live, say
from sandbox.chaos.people import TooFewPeople
from sandbox.hosts.cutting import Cutter
from sandbox.hosts.earlier import NoEarlier, earlier_tree
from sandbox.hosts.pace import measure
from sandbox.hosts.running import ManyHosts, Refused, hosts_started, written
from sandbox.hosts.upgrading import InTurn

_QUIET: Final = 180.0
# Longer than any machine needs to start ten processes, one after the other.
_UPGRADED_SECONDS: Final = 900.0


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bin/hosts", description=__doc__)
    parser.add_argument("--citizens", type=int, default=300, help="0: none, only --measure")
    parser.add_argument("--seconds", type=float, default=180, help="of cuts; quiet comes then")
    parser.add_argument("--quiet", type=float, default=_QUIET, help="seconds for it, about")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--upgrade", action="store_true", help="begin with the release before, and replace it"
    )
    parser.add_argument(
        "--measure",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="count turns a second first, of other hosts",
    )
    parser.add_argument("--cores", type=float, default=0.25, help="of a processor, for --measure")
    parser.add_argument("--json", metavar="FILE", help="also write the figures; - is stdout")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the hosts' state there")
    return parser.parse_args(given)


def main() -> int:
    """Run, print, and return 1 if any of what must be 0 is not."""
    given = read_arguments()
    try:
        paced = _measured(given) if given.measure else {}
        figures = _lived(given) if given.citizens else {}
    except Refused as refused:
        say(f"skipped: {refused}")
        return 0
    except (NotStarted, TooFewPeople) as failure:
        say(str(failure))
        return 1
    told = written({**figures, **({"pace": paced} if paced else {})})
    if given.json == "-":
        sys.stdout.write(told + "\n")
    else:
        sys.stdout.write(table(figures) + "\n" if figures else told + "\n")
        if given.json:
            Path(given.json).write_text(told + "\n", encoding="utf-8")
    is_whole = not (given.upgrade and figures[THROWN_BACK])
    return 0 if not figures or (proves(figures) and is_whole) else 1


def _measured(given: argparse.Namespace) -> dict[str, Any]:
    """Turns a second, of hosts that are started for it and held to their budget."""
    options = ["--cores", str(given.cores)]
    with (
        tempfile.TemporaryDirectory(prefix="twiza-hosts-") as folder,
        hosts_started(Path(folder), IMPATIENT, options) as hosts,
    ):
        paced = measure(hosts, given.measure, given.cores, given.seed)
    for name, value in paced.items():
        say(f"{name}: {value}")
    return paced


def _lived(given: argparse.Namespace) -> dict[str, Any]:
    """What came of the citizens' lives with hosts that are cut off or upgraded."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="twiza-hosts-") as name:
        folder = given.keep or Path(name)
        options = _begin_earlier(given, folder) if given.upgrade else []
        with hosts_started(folder, IMPATIENT, options) as hosts:
            say(f"up after {time.monotonic() - began:.0f} s: {_where(hosts)}")
            made = InTurn.made if given.upgrade else Cutter
            return live(hosts, given, made, _UPGRADED_SECONDS)


def _begin_earlier(given: argparse.Namespace, folder: Path) -> list[str]:
    """The option to begin with the release before, where it can be had."""
    try:
        return ["--tree", str(earlier_tree(folder / "earlier"))]
    except NoEarlier as reason:
        say(f"no upgrade: {reason}")
        given.upgrade = False
        return []


def _where(hosts: ManyHosts) -> str:
    return ", ".join(f"{name} at {hosts.network.address(name)}" for name in hosts.names)


if __name__ == "__main__":
    sys.exit(main())
