"""The first account of the console, an administrator, who invites all others.

    python -m console.first_account EMAIL NAME

The password is typed, twice, or read from standard input where that is no terminal. It is refused
once there is an administrator: whoever may start processes here need not be one.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from typing import Final

from console.auth.passwords import fault_of
from core.environment import StoreSettings, read_settings
from core.errors import ServiceError
from core.keys import open_ring
from core.privacy import Seal
from records.audit import Audit
from records.database import open_database
from records.staff import StaffAccounts

ADMIN: Final = "admin"


def make(accounts: StaffAccounts, audit: Audit, email: str, name: str, password: str) -> str:
    """Make the account; what is wrong where it is refused, else nothing."""
    if any(one.role == ADMIN and not one.is_closed for one in accounts.everybody()):
        return "there is an administrator: ask them for an invitation"
    if "@" not in email or not name.strip():
        return "an address and a name are needed"
    if accounts.with_email(email):
        return "there is an account of that address"
    if fault := fault_of(password, email, name):
        return f"the password is refused: {fault}"
    staff = accounts.add(email, name, ADMIN, password)
    audit.append("staff.joined", "", "", "console", {"staff": staff.id, "role": staff.role})
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 where the account was made."""
    parser = argparse.ArgumentParser(prog="python -m console.first_account", description=__doc__)
    parser.add_argument("email")
    parser.add_argument("name")
    asked = parser.parse_args(arguments)
    try:
        stores = read_settings(StoreSettings)
        seal = Seal(open_ring(stores.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
        database = open_database(stores.records_url)
        accounts, audit = StaffAccounts(database, seal), Audit(database)
        fault = make(accounts, audit, asked.email, asked.name, _password())
    except ServiceError as failure:
        fault = str(failure)
    if fault:
        print(f"twiza: {fault}", file=sys.stderr)
        return 1
    print(f"{asked.email} is an administrator: sign in, then invite the others.")
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    # What was typed differently is refused as an empty one is.
    return password if getpass.getpass("Once more: ") == password else ""


if __name__ == "__main__":
    raise SystemExit(main())
