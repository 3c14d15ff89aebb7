"""The rounds: one load process calls every system in turn, with every number of citizens."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from benchmarks.cpu import ServersChanged
from benchmarks.flow import Hop, WrongAnswer, constant_session, first_session, session
from benchmarks.measure import PREFERRED_CITIZENS, Figures, Slice, percentile, summarise
from benchmarks.people import Person, find_people
from benchmarks.systems import STOCK, System
from sandbox.house.layout import ROOT

_PEOPLE = 40
_WARM_CITIZENS = 8
# Stock Rasa is not to be overrun before it is measured.
_FEW_CITIZENS = 2
_THINKERS = 32
_WRONG_AT_MOST = 20
# How often whoever was overrun may be called before a call must be answered rightly.
_SETTLING_CALLS = 5
_SETTLING_HOPS = 3
_STRANGERS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How many citizens at once, how often, for how many seconds each time, and how many in all."""

    citizens: Sequence[int]
    rounds: int
    seconds: int
    people: int = _PEOPLE


class Bench:
    """Measures running systems with one load process."""

    def __init__(self, systems: dict[str, System], load: subprocess.Popen[str], plan: Plan) -> None:
        self.wrong: dict[str, list[str]] = {name: [] for name in systems}
        self._systems = systems
        self._load = load
        self._plan = plan
        with_registry = next(s for s in systems.values() if s.registry_database.exists())
        count = max(plan.people, *plan.citizens)
        self.people = find_people(with_registry.registry_database, count)

    def warm_up(self) -> None:
        """Everybody calls for the first time, then some once more as they will be measured.

        Raises WrongAnswer where a first call fails, as no other would then begin at the menu.
        """
        for system in self._systems.values():
            say(f"warming up {system.name}")
            if system.name in STOCK:
                self._prime(system)
            at_once = _FEW_CITIZENS if system.name in STOCK else _WARM_CITIZENS
            if system.name != "constant":
                first = [(person, first_session()) for person in self.people]
                self.order(system, first, at_once, 0, once=True)
            again = self.sessions(system)[:_WARM_CITIZENS]
            self.order(system, again, at_once, 0, once=True)
            if self.wrong[system.name]:
                raise WrongAnswer(f"{system.name}, warming up: {self.wrong[system.name][0]}")

    def _prime(self, system: System) -> None:
        """Have strangers call one after another: the first turns of TensorFlow take seconds."""
        person = self.people[0]
        strangers = [replace(person, number=f"+21266199{n:04d}") for n in range(_STRANGERS)]
        self.ask(system, [(one, first_session()) for one in strangers], 1, 0, once=True)

    def measure(self) -> dict[str, Figures]:
        """The rounds, in each of which every system is measured once with every load."""
        slices: dict[str, list[Slice]] = {name: [] for name in self._systems}
        for number in range(self._plan.rounds):
            names = list(self._systems)
            # Whoever comes first in a round comes later in the next.
            turned = names[number % len(names) :] + names[: number % len(names)]
            for citizens in self._plan.citizens:
                for name in turned:
                    say(f"round {number + 1}: {citizens} citizens, {name}")
                    slices[name].append(self._slice(self._systems[name], citizens))
        return {name: summarise(found) for name, found in slices.items()}

    def thinkers(self) -> float:
        """The 95th percentile of a hop, in ms, where 32 citizens think a second before each key."""
        system = self._systems["twiza"]
        sessions = self.sessions(system)
        outcome = self.order(system, sessions, _THINKERS, self._plan.seconds * 3, think=1.0)
        return percentile(outcome["milliseconds"], 0.95)

    def _slice(self, system: System, citizens: int) -> Slice:
        system.forget_conversations()
        sessions, seconds = self.sessions(system), self._plan.seconds
        most = len(sessions) * citizens if may_be_overrun(system.name, citizens) else _WRONG_AT_MOST
        before = system.read_cpu()
        outcome = self.ask(system, sessions, citizens, seconds, wrong_at_most=most)
        spent = system.read_cpu().since(before)
        wrong = outcome.pop("wrong")
        if is_overrun(system.name, citizens, outcome["late"]):
            self.settle(system)
        else:
            self.wrong[system.name] += wrong
            if not outcome["milliseconds"]:
                raise WrongAnswer(f"{system.name} answered nothing: {wrong[:1]}")
        return Slice(citizens=citizens, cpu=spent, wrong=len(wrong), **outcome)

    def settle(self, system: System) -> None:
        """Call until what an overrun system owes is shown and every call begins as it should.

        Raises WrongAnswer where it does not recover.
        """
        say(f"{system.name} was overrun; waiting until it answers rightly again")
        sessions = [(person, hops[:_SETTLING_HOPS]) for person, hops in self.sessions(system)]
        for _ in range(_SETTLING_CALLS):
            system.forget_conversations()
            outcome = self.ask(
                system, sessions, _FEW_CITIZENS, 0, once=True, wrong_at_most=len(sessions) + 1
            )
            if not outcome["wrong"]:
                return
        raise WrongAnswer(f"{system.name} does not recover: {outcome['wrong'][0]}")

    def sessions(self, system: System) -> list[tuple[Person, list[Hop]]]:
        """Everybody's session on a system."""
        compose = constant_session if system.name == "constant" else session
        return [(person, compose(person)) for person in self.people]

    def order(
        self,
        system: System,
        sessions: list[tuple[Person, list[Hop]]],
        citizens: int,
        seconds: int,
        once: bool = False,
        think: float = 0.0,
    ) -> dict[str, Any]:
        """Have citizens hold sessions; the outcome as `benchmarks.load` tells it.

        What was wrong is added to `wrong`.
        """
        outcome = self.ask(system, sessions, citizens, seconds, once=once, think=think)
        self.wrong[system.name] += outcome["wrong"]
        return outcome

    def ask(
        self,
        system: System,
        sessions: list[tuple[Person, list[Hop]]],
        citizens: int,
        seconds: int,
        *,
        once: bool = False,
        think: float = 0.0,
        wrong_at_most: int = _WRONG_AT_MOST,
    ) -> dict[str, Any]:
        """The same, but what was wrong is for the caller to judge."""
        channel = system.channels["ussd"]
        callers = [
            {"number": person.number, "hops": [asdict(hop) for hop in hops]}
            for person, hops in sessions
        ]
        order = {"url": channel["messages_url"], "address": channel["address"], "once": once}
        order |= {"think": think, "wrong_at_most": wrong_at_most}
        order |= {"citizens": citizens, "seconds": seconds, "callers": callers}
        assert self._load.stdin is not None and self._load.stdout is not None
        self._load.stdin.write(json.dumps(order) + "\n")
        self._load.stdin.flush()
        line = self._load.stdout.readline()
        if not line:
            raise ServersChanged("the load process ended")
        outcome: dict[str, Any] = json.loads(line)
        return outcome


def may_be_overrun(name: str, citizens: int) -> bool:
    """Whether a system may be asked more than it answers in time: stock Rasa by a crowd alone."""
    return name in STOCK and citizens > PREFERRED_CITIZENS


def is_overrun(name: str, citizens: int, late: int) -> bool:
    """Whether wrong answers of a measurement are those of an overrun system, not of a broken one.

    Where nothing came late a wrong answer has no such excuse.
    """
    return may_be_overrun(name, citizens) and late > 0


@contextlib.contextmanager
def load_process() -> Iterator[subprocess.Popen[str]]:
    """The process in which the citizens live."""
    command = [sys.executable, "-m", "benchmarks.load"]
    load = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield load
    finally:
        load.kill()
        load.wait()


def stop_on_signals(limit_seconds: int) -> None:
    """Have signals, and a limit of time, end this program so that what it started ends, too."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, _stop)
    signal.alarm(limit_seconds)


def say(sentence: str) -> None:
    """Print one line of progress."""
    print(f"bench: {sentence}", file=sys.stderr, flush=True)


def _stop(number: int, _: object) -> None:
    raise SystemExit(128 + number)
