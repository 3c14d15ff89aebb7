"""`bin/audit-dependencies`: is anything in the two locks known to be harmful?

0: asked, and nothing is known that was not accepted. 1: something is, or an exception has ended.
3: no advisory service could be asked, so nobody knows. With `--offline` nobody is asked and what is
known here is checked; with `--unasked-too` that is enough where nobody answers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from supply.advisories import faults_in, read_advisories
from supply.asking import SERVICES, ask
from supply.locks import LOCKS, pins_of

CLEAN: Final = 0
FAULTY: Final = 1
NOBODY_KNOWS: Final = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, ask, and say which of it was done."""
    parser = argparse.ArgumentParser(
        prog="bin/audit-dependencies",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--service", choices=SERVICES, default="pypi", help="who is asked")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--offline", action="store_true", help="ask nobody")
    how.add_argument("--unasked-too", action="store_true", help="0 where nobody answers")
    given = parser.parse_args(arguments)
    try:
        advisories = read_advisories()
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return FAULTY
    pinned = {name: pins_of(name) for name in LOCKS}
    faults = faults_in(advisories, pinned, datetime.now(UTC).date())
    unasked = []
    for name, pins in pinned.items():
        if given.offline:
            unasked.append(f"{name}: {len(pins)} packages: nobody was asked")
            continue
        accepted = {one.id for one in advisories.accepted if one.environment == name}
        answer = ask(pins, accepted, given.service)
        faults += [f"{name}: {known}" for known in answer.known]
        if answer.unasked:
            unasked.append(f"{name}: {len(pins)} packages: {answer.unasked}")
    count = len(advisories.accepted), len(advisories.least)
    print(f"checked here: {count[0]} accepted faults, {count[1]} versions not to go below")
    for line in unasked:
        print(f"NOT KNOWN: {line}")
    for found in faults:
        print(f"FAULT: {found}")
    if faults:
        return FAULTY
    return NOBODY_KNOWS if unasked and not (given.offline or given.unasked_too) else CLEAN


if __name__ == "__main__":
    raise SystemExit(main())
