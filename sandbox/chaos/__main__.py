"""Let citizens live with a house while its processes and stores fail, and prove what came of it.

It starts a house of its own, plays citizens on USSD, WhatsApp and SMS, kills, stalls and locks
everything in turn, delivers webhooks twice and out of order, waits until all is quiet, and counts.
The exit status is 1 if anything was lost, doubled, late, unrecorded or shown to somebody else, and
where nobody came as far as to send anything that could be lost.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from core.environment import inherited
from sandbox.chaos.citizens import Citizen, play
from sandbox.chaos.conductor import Conductor, Fault
from sandbox.chaos.counting import SHOWN, ZEROS, Proof, wait_for_quiet
from sandbox.chaos.house import House, NotStarted, started
from sandbox.chaos.lag import Lag
from sandbox.chaos.line import Noted
from sandbox.chaos.mind import APPLY, ASK, CHECK, Mind
from sandbox.chaos.people import TooFewPeople, find_people
from sandbox.chaos.stores import Stores
from sandbox.house.layout import GIVEN_STORES

_CHANNELS: Final = ("ussd", "whatsapp", "sms")
_GOALS: Final = (APPLY, CHECK, ASK)
# More of them think longer, so that a laptop is busy and not overrun.
_AT_FULL_PACE: Final = 15
_QUIET_AT_LEAST: Final = 30.0
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
    chance = random.Random(given.seed)
    over, home = threading.Event(), threading.Event()
    noted = Noted(house.pseudonyms())
    lag = Lag(home)
    lag.start()
    Stores(house.layout).trace_sending()
    citizens = []
    for place, person in enumerate(find_people(house.data / "registry.sqlite", given.citizens)):
        own, channel = random.Random(chance.random()), _CHANNELS[place % len(_CHANNELS)]
        mind = Mind(person, _GOALS[place // len(_CHANNELS) % len(_GOALS)], own)
        described = house.run["channels"][channel]
        phone = house.run["phone"]
        pace = max(1.0, given.citizens / _AT_FULL_PACE)
        citizens.append(Citizen(mind, channel, described, phone, noted, over, home, own, pace))
    conductor = Conductor(house, noted, random.Random(chance.random()), over, given.seconds)
    conductor.outside = outside or {}
    making = threading.Thread(target=conductor.run, name="conductor")
    wait = play(citizens)
    making.start()
    over.wait(given.seconds)
    # On a slow machine one of each may take longer.
    conductor.has_made_all.wait(given.seconds / 2)
    over.set()
    making.join()
    say("the faults are over; who applies goes on to the end")
    quiet_by = time.monotonic() + given.quiet
    late = threading.Timer(given.quiet / 2, home.set)
    late.start()
    wait()
    late.cancel()
    say(f"quiet: {noted.answered} messages were answered")
    home.set()
    proof = Proof(house, noted, citizens, conductor, lag)
    figures = wait_for_quiet(proof, max(_QUIET_AT_LEAST, quiet_by - time.monotonic()), say)
    for about in proof.unrecorded():
        say(f"not recorded: {about}")
    for about in proof.doubled_messages(proof.received()):
        say(f"sent twice, or not noted: {about}")
    for seconds in proof.late():
        say(f"a hop took {seconds:.1f} s")
    slowest = max((hop.seconds for hop in proof.slow()), default=0.0)
    longest = max((one.seconds for one in lag.delays), default=0.0)
    say(
        f"{len(proof.slow())} hops were slower than the deadline while the door was there, "
        f"of {slowest:.1f} s at most; this machine let a thread wait for up to {longest:.1f} s"
    )
    return figures


def proves(figures: dict[str, Any]) -> bool:
    """True where all that must be 0 is, and something was sent that could have been lost."""
    return bool(figures[SHOWN]) and not any(figures[name] for name in ZEROS)


def table(figures: dict[str, Any]) -> str:
    """The figures for a person to read."""
    rows = [(name, str(value)) for name, value in figures.items() if name != "faults"]
    rows += [(f"  {kind}", str(count)) for kind, count in figures["faults"].items()]
    return "\n".join(f"{name:<26}{value:>8}" for name, value in rows)


def say(sentence: str) -> None:
    """Print one line of progress."""
    print(f"chaos: {sentence}", file=sys.stderr, flush=True)


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
