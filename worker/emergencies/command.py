"""The commands of `bin/emergency`. Exit codes: 0 done, 1 refused or faulty, 2 not possible now."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import redis

from core.errors import ServiceError, SettingsFaulty
from records.emergencies import Emergency, StepRefused
from worker.emergencies.files import EmergencyFile, read_file
from worker.emergencies.planning import draw_up
from worker.emergencies.printing import file_lines, plan_lines, status_lines
from worker.emergencies.stored import proposal_of
from worker.house import house

_WATCH_SECONDS: Final = 2.0
REFUSED: Final = 1
NOT_NOW: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Take one command."""
    given = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = given.run
        return run(given)
    except StepRefused as refused:
        sys.stderr.write(f"refused: {refused}\n")
        return REFUSED
    except ServiceError as failure:
        sys.stderr.write(f"not possible now: {failure}\n")
    except redis.RedisError:
        sys.stderr.write("not possible now: Redis does not answer\n")
    except KeyboardInterrupt:
        return 0
    return NOT_NOW


def _read(path: Path) -> EmergencyFile:
    return read_file(path, house().channels, house().settings.programmes_folder)


def check(given: argparse.Namespace) -> int:
    """Name every fault of a file."""
    try:
        file = _read(given.file)
    except SettingsFaulty as faulty:
        for fault in faulty.faults:
            sys.stderr.write(f"{given.file.name}: {fault}\n")
        return REFUSED
    _print(file_lines(file))
    return 0


def plan(given: argparse.Namespace) -> int:
    """Say who would be invited, and what it would cost."""
    if check(given):
        return REFUSED
    file = _read(given.file)
    known = house().emergencies.find(file.programme.key)
    left = file.plan.budget - (known.spent if known else 0)
    drawn = draw_up(house(), file.programme.key, file.plan, left)
    _print(plan_lines(drawn, file.plan, left))
    return 0


def propose(given: argparse.Namespace) -> int:
    """Propose a file, for somebody else to approve; the dry run comes first."""
    if plan(given):
        return REFUSED
    file = _read(given.file)
    proposal = proposal_of(file.programme, file.plan, file.content)
    if not house().emergencies.propose(proposal, given.by, getpass.getuser()):
        sys.stdout.write(f"{proposal.key} stands already, and the file has not changed\n")
        return 0
    house().invitations.take_back(proposal.key)
    sys.stdout.write(
        f"Proposed {proposal.key}, fingerprint {proposal.fingerprint[:12]}. Somebody else approves:"
        f"\n  bin/emergency approve {proposal.key} --by NAME"
        f" --fingerprint {proposal.fingerprint[:12]}\n"
    )
    return 0


def approve(given: argparse.Namespace) -> int:
    """Approve what somebody else proposed; people are invited from its start on."""
    house().emergencies.approve(given.key, given.by, getpass.getuser(), given.fingerprint)
    return status(given)


def status(given: argparse.Namespace) -> int:
    """Say how it stands, again and again with --watch."""
    while True:
        _print_status(given.key)
        if not getattr(given, "watch", False):
            return 0
        time.sleep(_WATCH_SECONDS)


def list_all(_: argparse.Namespace) -> int:
    """Say how all of them stand."""
    for one in house().emergencies.all():
        _print_status(one.key)
    return 0


def _step(name: str) -> Callable[[argparse.Namespace], int]:
    def take(given: argparse.Namespace) -> int:

        getattr(house().emergencies, name)(given.key, given.by, getpass.getuser())
        if name != "resume":
            house().invitations.take_back(given.key)
        return status(given)

    return take


def _print_status(key: str) -> None:

    counts = house().invitations.counts(key)
    _print(status_lines(_found(key), counts, datetime.now(UTC)))


def _found(key: str) -> Emergency:

    found = house().emergencies.find(key)
    if found is None:
        raise StepRefused(f"no emergency programme is called {key}")
    return found


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/emergency", description="Emergency programmes: docs/emergencies.md"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        told = (run.__doc__ or "").strip()
        one = commands.add_parser(name, help=told, description=told)
        one.set_defaults(run=run)
        return one

    for name, run in (("check", check), ("plan", plan), ("propose", propose)):
        one = command(name, run)
        one.add_argument("file", type=Path, help="a programme file with a section [emergency]")
        if name == "propose":
            one.add_argument("--by", required=True, help="your name, for the audit")
    one = command("approve", approve)
    one.add_argument("--fingerprint", default="", help="of the file you have read")
    for name in ("approve", "pause", "resume", "stop"):
        if name != "approve":
            one = command(name, _step(name))
            one.description = f"{name.capitalize()} an emergency programme."
        one.add_argument("key", help="the file's name without .toml")
        one.add_argument("--by", required=True, help="your name, for the audit")
    one = command("status", status)
    one.add_argument("key", help="the file's name without .toml")
    one.add_argument("--watch", action="store_true", help="show it every two seconds; Ctrl-C ends")
    command("list", list_all)
    return parser
