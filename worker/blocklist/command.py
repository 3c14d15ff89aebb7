"""The commands of `bin/blocklist`. Exit codes: 0 done, 1 no change, 2 not possible now.

A number is named by its key, as `bin/outbox list` and the logs know it, or typed on standard input,
so that it stands in no list of processes and no shell's history. Only its keyed hash is kept.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from core.environment import StoreSettings, read_settings
from core.errors import ServiceError, SettingsFaulty
from core.identifiers import read_number
from core.privacy import Pseudonyms, read_key
from records.audit import Audit
from records.blocks import Blocks
from records.database import open_database

UNCHANGED: Final = 1
NOT_NOW: Final = 2
_KEY: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the commands work with."""

    blocks: Blocks
    audit: Audit
    pseudonyms: Pseudonyms


class BadName(ValueError):
    """What names a number names none."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take one command."""
    given = _parser().parse_args(arguments)
    try:
        settings = read_settings(StoreSettings)
        keys = read_key(settings.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")
        database = open_database(settings.records_url)
        run: Callable[[argparse.Namespace, Desk], int] = given.run
        return run(given, Desk(Blocks(database), Audit(database), Pseudonyms(keys)))
    except BadName as bad:
        sys.stderr.write(f"{bad}\n")
    except SettingsFaulty as faulty:
        sys.stderr.write(f"{faulty}\n")
    except ServiceError as failure:
        sys.stderr.write(f"not possible now: {failure}\n")
    return NOT_NOW


def add(given: argparse.Namespace, desk: Desk) -> int:
    """Block a number: it is neither answered nor written to from some seconds later on."""
    key = _key(given, desk.pseudonyms)
    if not desk.blocks.add(key, given.reason, given.by):
        sys.stdout.write(f"{key} is blocked already\n")
        return UNCHANGED
    desk.audit.append("number.blocked", "", key, "", {"by": given.by})
    sys.stdout.write(f"{key} blocked\n")
    return 0


def remove(given: argparse.Namespace, desk: Desk) -> int:
    """Unblock a number."""
    key = _key(given, desk.pseudonyms)
    if not desk.blocks.remove(key):
        sys.stdout.write(f"{key} was not blocked\n")
        return UNCHANGED
    desk.audit.append("number.unblocked", "", key, "", {"by": given.by})
    sys.stdout.write(f"{key} unblocked\n")
    return 0


def list_all(_: argparse.Namespace, desk: Desk) -> int:
    """List the blocked numbers by their keys, with why, by whom and when."""
    for block in desk.blocks.all():
        since = f"{block.created:%Y-%m-%d %H:%M} UTC"
        sys.stdout.write(f"{block.number_key}  {since}  {block.blocked_by}  {block.reason}\n")
    return 0


def _key(given: argparse.Namespace, pseudonyms: Pseudonyms) -> str:
    if given.key:
        if not _KEY.fullmatch(given.key):
            raise BadName("a number key is 32 hexadecimal characters; numbers go to standard input")
        return str(given.key)
    number = read_number(sys.stdin.readline())
    if number is None:
        raise BadName("a phone number is needed on standard input, or a number key as argument")
    return pseudonyms.number(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/blocklist", description="Blocked numbers: docs/operating.md"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run in (("add", add), ("remove", remove), ("list", list_all)):
        told = (run.__doc__ or "").strip()
        one = commands.add_parser(name, help=told, description=told)
        one.set_defaults(run=run)
        if name != "list":
            one.add_argument("key", nargs="?", default="", help="the number's key; none: stdin")
            one.add_argument("--by", required=True, help="your name, for the audit")
        if name == "add":
            one.add_argument("--reason", required=True, help="why, for whoever reads the list")
    return parser
