"""The commands of `bin/teach`. Exit codes: 0 done, 1 nothing to do, 2 not possible now."""

from __future__ import annotations

import argparse
import getpass
import io
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from console.teaching.change import packed
from console.teaching.comparing import MEASURES, compared, intents_compared
from core.errors import ServiceError
from transcripts.batches import Batches
from transcripts.reviews import Reviews
from transcripts.tables import BatchRow
from worker.archive import archive
from worker.teaching.tasks import run

REFUSED: Final = 1
NOT_NOW: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Take one command."""
    given = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = given.run
        return command(given)
    except ServiceError as failure:
        sys.stderr.write(f"not possible now: {failure}\n")
        return NOT_NOW


def status(_: argparse.Namespace) -> int:
    """Say what waits, and how each export stands."""
    waiting = Reviews(archive().database).waiting()
    _print(f"{state:10} {count}" for state, count in sorted(waiting.states.items()))
    _print(f"export {one.id}: {one.state} {one.fault}".rstrip() for one in _batches().all())
    return 0


def export(given: argparse.Namespace) -> int:
    """Make an export of all that is agreed on, measure it, and say what it does."""
    number = _batches().ask(given.by)
    if number is None:
        sys.stderr.write("nothing is agreed on, or an export is not decided yet\n")
        return REFUSED
    return _measured(number, given.out)


def measure(given: argparse.Namespace) -> int:
    """Measure an export that the console asked for."""
    if _batches().find(given.number) is None:
        sys.stderr.write("there is no such export\n")
        return REFUSED
    return _measured(given.number, given.out)


def report(given: argparse.Namespace) -> int:
    """Say what an export does to accuracy."""
    batch = _batches().find(given.number)
    if batch is None or batch.measured is None:
        sys.stderr.write("there is no such export, or it is not measured\n")
        return REFUSED
    _print(report_lines(batch))
    return _write(given.number, given.out)


def report_lines(batch: BatchRow) -> Iterator[str]:
    """The report of an export as text."""
    yield f"lines taken {batch.report['taken']}, left out {batch.report['left_out']}"
    rows = compared(batch.report)
    if rows:
        yield f"{'':12}" + "".join(f"{name:>26}" for name in MEASURES)
    for name, _, changes in rows:
        cells = (f"{one.before:.1f} -> {one.after:.1f} ({one.points:+.1f})" for one in changes)
        yield f"{name or 'all':12}" + "".join(f"{cell:>26}" for cell in cells)
    for intent, change in intents_compared(batch.report):
        yield f"{change.points:+6.1f} {intent}"


def _measured(number: int, out: Path | None) -> int:
    if not run(number, lambda sentence: _print([f"{sentence} …"])):
        batch = _batches().find(number)
        sys.stderr.write(f"not measured: {batch.fault or batch.state if batch else ''}\n")
        return NOT_NOW
    batch = _batches().find(number)
    if batch is not None:
        _print([f"export {number}: a supervisor accepts it in the console", *report_lines(batch)])
    return _write(number, out)


def _write(number: int, out: Path | None) -> int:
    if out is not None:
        content = packed(_batches().lines(number))
        zipfile.ZipFile(io.BytesIO(content)).extractall(out)
        _print([f"the patch and the changed files are in {out}"])
    return 0


def _batches() -> Batches:
    return Batches(archive().database)


def _print(lines: Iterator[str] | Sequence[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/teach", description=__doc__)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("status", help=status.__doc__).set_defaults(run=status)
    made = commands.add_parser("export", help=export.__doc__)
    made.add_argument("--by", default=getpass.getuser(), help="who asks for it")
    made.set_defaults(run=export)
    measured = commands.add_parser("measure", help=measure.__doc__)
    measured.add_argument("number", type=int)
    measured.set_defaults(run=measure)
    told = commands.add_parser("report", help=report.__doc__)
    told.add_argument("number", type=int)
    told.set_defaults(run=report)
    for one in (made, measured, told):
        one.add_argument("--out", type=Path, help="a folder for the patch and the changed files")
    return parser
