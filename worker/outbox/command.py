"""The commands of `bin/outbox`. Exit codes: 0 done, 1 nothing to do it to, 2 not possible now.

What is sent again goes within half a minute, when the schedule asks for what is due.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from core.errors import ServiceError
from records.dead_letters import DeadLetters, Wanted
from worker.house import house
from worker.outbox.printing import (
    as_json,
    count_lines,
    letter_lines,
    paper_lines,
    shown_lines,
    standing_lines,
)

NOTHING: Final = 1
NOT_NOW: Final = 2
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_STATES: Final = ("queued", "answered", "held", "sent", "done", "dead")


def main(arguments: Sequence[str] | None = None) -> int:
    """Take one command."""
    given = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = given.run
        return run(given)
    except ServiceError as failure:
        sys.stderr.write(f"not possible now: {failure}\n")
        return NOT_NOW


def list_all(given: argparse.Namespace) -> int:
    """List messages that wait or were given up."""
    letters = _letters().stuck(_wanted(given))
    _print([as_json(letters)] if given.json else letter_lines(letters, datetime.now(UTC)))
    return 0


def count(given: argparse.Namespace) -> int:
    """Count all messages by channel, state and code, and the SMS they take."""
    counts = _letters().counts()
    _print([as_json(counts)] if given.json else count_lines(counts, datetime.now(UTC)))
    return 0


def show(given: argparse.Namespace) -> int:
    """Show one message and what its code means; never its text nor its number."""
    found = _letters().find(given.id[0])
    if found is None:
        sys.stderr.write(f"there is no message {given.id[0]}\n")
        return NOTHING
    provider = house().messenger(found.channel)
    error = provider.explain(found.code) if provider and found.code.isdecimal() else None
    _print(shown_lines(found, error, datetime.now(UTC)))
    return 0


def retry(given: argparse.Namespace) -> int:
    """Send messages again whose content is still kept."""
    return _change(given, "retried", _letters().retry)


def drop(given: argparse.Namespace) -> int:
    """Give messages up for good and destroy their content."""
    return _change(given, "dropped", _letters().drop)


def submissions(given: argparse.Namespace) -> int:
    """List what was handed in and is not at the register."""
    found = [one for state in given.state for one in house().submissions.standing(state)]
    _print([as_json(found)] if given.json else standing_lines(found, datetime.now(UTC)))
    return 0


def papers(given: argparse.Namespace) -> int:
    """List photos and documents whose request is at the register and they are not."""
    found = house().media.to_pass_on()
    _print([as_json(found)] if given.json else paper_lines(found, datetime.now(UTC)))
    return 0


def resubmit(given: argparse.Namespace) -> int:
    """Send to the register what is stuck or waits; all of it without a reference."""
    done = house().submissions.retry(given.reference)
    _note("submissions.retried", given.by, {"count": done})
    sys.stdout.write(f"{done} queued\n")
    return 0 if done else NOTHING


def _change(given: argparse.Namespace, word: str, change: Callable[[Sequence[int]], int]) -> int:
    # Without a word on which, what was given up is meant and nothing that still waits.
    given.state = given.state or ["dead"]
    chosen = given.id or [one.id for one in _letters().stuck(_wanted(given))]
    done = change(chosen)
    _note(f"messages.{word}", given.by, {"count": done, "asked": len(chosen)})
    sys.stdout.write(f"{done} of {len(chosen)} {word}\n")
    return 0 if done else NOTHING


def _note(event: str, by: str, detail: dict[str, str | int | bool | None]) -> None:
    house().audit.append(event, "", "", "", detail | {"by": by})


def _letters() -> DeadLetters:
    return DeadLetters(house().database)


def _wanted(given: argparse.Namespace) -> Wanted:
    return Wanted(tuple(given.state or ()), given.code, given.channel, given.older, given.limit)


def _span(written: str) -> timedelta:
    read = re.fullmatch(r"(\d{1,6})([smhd])", written)
    if read is None:
        raise argparse.ArgumentTypeError("a span such as 30m, 2h or 1d is needed")
    return timedelta(seconds=int(read[1]) * _UNITS[read[2]])


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/outbox", description="Messages to citizens: docs/operating.md"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        told = (run.__doc__ or "").strip()
        one = commands.add_parser(name, help=told, description=told)
        one.set_defaults(run=run, id=[])
        return one

    for name, run in (("list", list_all), ("retry", retry), ("drop", drop)):
        one = command(name, run)
        one.add_argument("--state", action="append", choices=_STATES, help="only in this state")
        one.add_argument("--channel", default="", help="only of this channel")
        one.add_argument("--code", default="", help="only with this code")
        one.add_argument("--older", type=_span, default=timedelta(), help="only older: 30m, 2h, 1d")
        one.add_argument("--limit", type=int, default=50, help="no more than these, 50 usually")
        if name == "list":
            one.add_argument("--json", action="store_true", help="for programs")
        else:
            one.add_argument("id", nargs="*", type=int, help="which; none: the dead")
            one.add_argument("--by", required=True, help="your name, for the audit")
    command("count", count).add_argument("--json", action="store_true", help="for programs")
    command("show", show).add_argument("id", nargs=1, type=int, help="of the list")
    one = command("submissions", submissions)
    one.add_argument("--state", nargs="+", default=["stuck", "queued"], help="stuck queued refused")
    one.add_argument("--json", action="store_true", help="for programs")
    command("papers", papers).add_argument("--json", action="store_true", help="for programs")
    one = command("resubmit", resubmit)
    one.add_argument("reference", nargs="?", default="", help="of one; none: all")
    one.add_argument("--by", required=True, help="your name, for the audit")
    return parser
