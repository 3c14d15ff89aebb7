"""Citizens live with a house while somebody makes faults; then all is counted."""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from sandbox.chaos.citizens import Citizen, play
from sandbox.chaos.conductor import Faults
from sandbox.chaos.counting import Proof, wait_for_quiet
from sandbox.chaos.house import House
from sandbox.chaos.lag import Lag
from sandbox.chaos.line import Noted
from sandbox.chaos.mind import APPLY, ASK, CHECK, Mind
from sandbox.chaos.people import find_people
from sandbox.chaos.stores import Stores

_CHANNELS: Final = ("ussd", "whatsapp", "sms")
_GOALS: Final = (APPLY, CHECK, ASK)
# More of them think longer, so that a laptop is busy and not overrun.
_AT_FULL_PACE: Final = 15
_QUIET_AT_LEAST: Final = 30.0
MakeConductor = Callable[[Any, Noted, random.Random, threading.Event, float], Faults]


def live(
    house: House,
    given: argparse.Namespace,
    make_conductor: MakeConductor,
    more_seconds: float | None = None,
) -> dict[str, Any]:
    """Let everybody live, then count. Where not all is made in time, there are `more_seconds`."""
    chance = random.Random(given.seed)  # nosec B311
    over, home = threading.Event(), threading.Event()
    noted = Noted(house.pseudonyms())
    lag = Lag(home)
    lag.start()
    Stores(house.layout).trace_sending()
    citizens = []
    for place, person in enumerate(find_people(house.data / "registry.sqlite", given.citizens)):
        own, channel = random.Random(chance.random()), _CHANNELS[place % len(_CHANNELS)]  # nosec B311
        mind = Mind(person, _GOALS[place // len(_CHANNELS) % len(_GOALS)], own)
        described = house.run["channels"][channel]
        phone = house.run["phone"]
        pace = max(1.0, given.citizens / _AT_FULL_PACE)
        citizens.append(Citizen(mind, channel, described, phone, noted, over, home, own, pace))
    conductor = make_conductor(house, noted, random.Random(chance.random()), over, given.seconds)  # nosec B311
    making = threading.Thread(target=conductor.run, name="conductor")
    wait = play(citizens)
    making.start()
    over.wait(given.seconds)
    # On a slow machine one of each may take longer.
    conductor.has_made_all.wait(given.seconds / 2 if more_seconds is None else more_seconds)
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
    for about in proof.doubled_applications():
        say(f"applied for twice, or not sent: {about}")
    for about in proof.doubled_messages(proof.received()):
        say(f"sent twice, or not noted: {about}")
    for one in citizens:
        for step in one.mind.lost_steps:
            say(f"thrown back: {one.channel} {one.mind.person.number}: {step}")
    for seconds in proof.late():
        say(f"a hop took {seconds:.1f} s")
    slowest = max((hop.seconds for hop in proof.slow()), default=0.0)
    longest = max((one.seconds for one in lag.delays), default=0.0)
    say(
        f"{len(proof.slow())} hops were slower than the deadline while the door was there, "
        f"of {slowest:.1f} s at most; this machine let a thread wait for up to {longest:.1f} s"
    )
    return figures


def say(sentence: str) -> None:
    """Print one line of progress."""
    sys.stderr.write(f"chaos: {sentence}\n")
    sys.stderr.flush()
