"""The commands of `bin/staff`. Exit codes: 0 done, 1 refused, 2 not possible now.

Accounts are kept in the console by an administrator. Here the first one is made, and one who lost
the phone of the second factor is let in again. A password is typed or read from standard input, so
that it stands in no list of processes and no shell's history.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from console.auth.passwords import fault_of
from core.environment import StoreSettings, read_settings
from core.errors import ServiceError, SettingsFaulty
from core.keys import open_ring
from core.privacy import Seal
from records.audit import Audit
from records.database import open_database
from records.staff import StaffAccounts

REFUSED: Final = 1
NOT_NOW: Final = 2
_ADMIN: Final = "admin"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the commands work with."""

    accounts: StaffAccounts
    audit: Audit


class Refused(Exception):
    """It must not be done, and why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take one command."""
    given = _parser().parse_args(arguments)
    try:
        settings = read_settings(StoreSettings)
        database = open_database(settings.records_url)
        seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
        run: Callable[[argparse.Namespace, Desk], None] = given.run
        run(given, Desk(StaffAccounts(database, seal), Audit(database)))
    except Refused as refused:
        sys.stderr.write(f"refused: {refused}\n")
        return REFUSED
    except (SettingsFaulty, ServiceError) as failure:
        sys.stderr.write(f"not possible now: {failure}\n")
        return NOT_NOW
    return 0


def first(given: argparse.Namespace, desk: Desk) -> None:
    """Make the first administrator, who invites everybody else in the console."""
    if any(one.role == _ADMIN and not one.is_closed for one in desk.accounts.everybody()):
        raise Refused("there is an administrator, who invites the others in the console")
    if "@" not in given.email or desk.accounts.with_email(given.email):
        raise Refused("that is no address, or it has an account")
    password = _read_password()
    fault = fault_of(password, given.email, given.name)
    if fault:
        raise Refused(f"the password: {fault.replace('_', ' ')}")
    staff = desk.accounts.add(given.email, given.name, _ADMIN, password)
    _note(desk, "staff.joined", staff.id, given.by, role=_ADMIN)
    sys.stdout.write(f"{staff.email} is the administrator; a second factor is asked at sign-in\n")


def reset(given: argparse.Namespace, desk: Desk) -> None:
    """Forget the second factor of an account; the next sign-in sets up another."""
    staff = desk.accounts.with_email(given.email)
    if staff is None:
        raise Refused("no open account has that address")
    desk.accounts.keep_second_factor(staff.id, "")
    _note(desk, "staff.second_factor_reset", staff.id, given.by)
    sys.stdout.write(f"{staff.email} sets up a second factor at the next sign-in\n")


def everybody(_: argparse.Namespace, desk: Desk) -> None:
    """Every account: role, address, when it was seen last."""
    for one in desk.accounts.everybody():
        seen = "closed" if one.is_closed else f"{one.seen_at:%Y-%m-%d}" if one.seen_at else "never"
        sys.stdout.write(f"{one.role:<11} {one.email:<32} {seen}\n")


def _note(desk: Desk, event: str, staff: int, by: str, **detail: str) -> None:
    desk.audit.append(event, "", "", "command", {"staff": staff, "by": by, **detail})


def _read_password() -> str:
    if sys.stdin.isatty():
        typed = getpass.getpass("Password: ")
        if typed != getpass.getpass("Again: "):
            raise Refused("the two differ")
        return typed
    return sys.stdin.readline().rstrip("\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/staff", description="Accounts: docs/console.md")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("first", help=first.__doc__)
    command.add_argument("email")
    command.add_argument("--name", required=True, help="as colleagues read it")
    command.add_argument("--by", required=True, help="who does this, for the audit")
    command.set_defaults(run=first)
    command = commands.add_parser("reset-second-factor", help=reset.__doc__)
    command.add_argument("email")
    command.add_argument("--by", required=True, help="who does this, for the audit")
    command.set_defaults(run=reset)
    commands.add_parser("list", help=everybody.__doc__).set_defaults(run=everybody)
    return parser


if __name__ == "__main__":
    sys.exit(main())
