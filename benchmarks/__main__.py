"""The command line of the benchmarks: `bin/bench turn`, `registry`, `stores`, `console`, …."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import registry, soak, turn, watched
from benchmarks.console import compare as console
from benchmarks.cpu import ServersChanged
from benchmarks.flow import WrongAnswer
from benchmarks.full.environment import FullRasaFailed
from benchmarks.people import TooFewPeople
from benchmarks.report import Report
from benchmarks.rounds import Plan
from benchmarks.stores import bench as stores
from benchmarks.systems import NAMES
from benchmarks.understanding import compare
from benchmarks.understanding.training import ContenderFailed
from sandbox.house.supervisor import StartFailed

_FAILURES = (
    *(ContenderFailed, FullRasaFailed, StartFailed, ServersChanged, TooFewPeople, WrongAnswer),
)


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("turn", description=turn.__doc__, help="what a turn costs")
    command.add_argument("--json", metavar="FILE", help="also write the figures; - is stdout")
    command.add_argument("--citizens", type=_counts, default=[1, 8, 32], metavar="1,8,32")
    command.add_argument("--rounds", type=_positive, default=3)
    command.add_argument(
        "--seconds", type=_positive, default=4, help="of each measurement; sessions are finished"
    )
    command.add_argument("--quick", action="store_true", help="one round of a second each")
    command.add_argument("--systems", type=_systems, default=list(NAMES), metavar=",".join(NAMES))
    command.add_argument(
        "--with-diet",
        action="store_true",
        help="add Rasa's default pipeline and policies; installs 3 GB, trains some minutes",
    )
    _add_plots(command)
    command = commands.add_parser(
        "registry", description=registry.__doc__, help="how fast the registry is asked"
    )
    command.add_argument(
        "--json", metavar="FILE", nargs="?", const="-", help="also write the figures; - is stdout"
    )
    command.add_argument("--citizens", type=_counts, default=[1, 8, 32], metavar="1,8,32")
    command.add_argument("--seconds", type=_positive, default=5, help="of each measurement")
    command.add_argument(
        "--households", type=_households, default=[200, 100_000], metavar="200,100000"
    )
    command.add_argument("--quick", action="store_true", help="a second each")
    _add_plots(command)
    command = commands.add_parser(
        "console", description=console.__doc__, help="how fast the console opens"
    )
    command.add_argument(
        "--json", metavar="FILE", nargs="?", const="-", help="also write the figures; - is stdout"
    )
    command.add_argument("--messages", type=_messages, default=1_000_000)
    command.add_argument("--opened", type=_positive, default=100, help="how often each page")
    command.add_argument(
        "--database", default="", metavar="URL", help="an empty one; without it an SQLite file"
    )
    command = commands.add_parser(
        "stores", description=stores.__doc__, help="what a turn asks of Redis and PostgreSQL"
    )
    command.add_argument("--json", metavar="FILE", help="also write the figures; - is stdout")
    command.add_argument(
        "--database", required=True, metavar="URL", help="an empty one, of this machine"
    )
    commands.add_parser(
        "watched", description=watched.__doc__, help="what a hop pays for being watched"
    ).set_defaults(json=None)
    command = commands.add_parser("soak", description=soak.__doc__, help="whether it stays so")
    command.add_argument("--json", metavar="FILE", help="also write the figures; - is stdout")
    command.add_argument("--minutes", type=_positive, default=30)
    _add_plots(command)
    command = commands.add_parser(
        "plot", description="Draw figures that --json wrote, as SVG.", help="draw written figures"
    )
    command.add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    command.add_argument("--plots", type=Path, required=True, metavar="FOLDER")
    command.set_defaults(json=None)
    command = commands.add_parser(
        "understanding", description=compare.__doc__, help="what is understood, and its cost"
    )
    command.add_argument("files", nargs="*", type=Path, metavar="FILE.jsonl")
    command.add_argument("--json", metavar="FILE", help="also write the figures; - is stdout")
    command.add_argument(
        "--with-diet", action="store_true", help="add DIETClassifier; installs 3 GB, takes long"
    )
    _add_plots(command)
    arguments = parser.parse_args(given)
    if arguments.command in ("turn", "registry") and arguments.quick:
        arguments.rounds = arguments.seconds = 1
    return arguments


def main() -> int:
    """Run the benchmark of the command line; 0 where every answer was right."""
    given = read_arguments()
    file = None if given.json in (None, "-") else Path(given.json)
    report = Report(file, given.json == "-", getattr(given, "plots", None))
    try:
        if given.command == "understanding":
            return compare.run(given.files, given.with_diet, report)
        if given.command == "console":
            return console.run(given.messages, given.opened, given.database, report)
        if given.command == "stores":
            return stores.run(given.database, report)
        if given.command == "watched":
            return watched.run()
        if given.command == "soak":
            return soak.run(given.minutes, report)
        if given.command == "plot":
            # The library that draws is slow to import, and only whoever wants pictures has it.
            from benchmarks.plots import draw

            return draw.run(given.files, given.plots)
        if given.command == "registry":
            asked = registry.Plan(given.citizens, given.seconds, given.households)
            return registry.run(asked, report)
        plan = Plan(given.citizens, given.rounds, given.seconds)
        return turn.run(given.systems, plan, report, given.with_diet)
    except _FAILURES as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1


def _add_plots(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--plots", type=Path, metavar="FOLDER", help="also draw the figures, as SVG"
    )


def _counts(text: str) -> list[int]:
    counts = [_positive(part) for part in text.split(",")]
    if max(counts) > 64:
        raise argparse.ArgumentTypeError("at most 64 citizens")
    return counts


def _households(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _messages(text: str) -> int:
    number = int(text)
    if not 100 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError("from a hundred to ten million")
    return number


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError("from 1 to 100")
    return number


def _systems(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"no system is called {', '.join(unknown)}")
    if names == ["constant"]:
        raise argparse.ArgumentTypeError("constant is measured beside another")
    return names


if __name__ == "__main__":
    sys.exit(main())
