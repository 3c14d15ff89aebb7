"""What a turn costs: the service, stock Rasa, a hand-written menu and a constant, on one flow."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.cpu import ServersChanged, read_machine
from benchmarks.engine_alone import look_at_engine
from benchmarks.flow import Hop, WrongAnswer, constant_session, first_session, session
from benchmarks.free_text import read_words
from benchmarks.long_conversation import EARLY_CONVERSATIONS, LongConversation, converse
from benchmarks.machine import describe_machine
from benchmarks.measure import Figures, Slice, percentile, summarise
from benchmarks.people import Person, find_people
from benchmarks.single_figures import SingleFigures, door_pss
from benchmarks.systems import System, running
from sandbox.house.layout import ROOT

# Nothing here may run on for ever, whatever a server does.
_LIMIT_SECONDS = 3600
_PEOPLE = 40
_WARM_CITIZENS = 8
_THINKERS = 32


@dataclass(frozen=True, slots=True)
class Plan:
    """How many citizens at once, how often, and for how many seconds each time."""

    citizens: Sequence[int]
    rounds: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Report:
    """Where the JSON goes: a file, or standard output instead of the tables, or nowhere."""

    file: Path | None
    to_stdout: bool


class Bench:
    """Measures running systems with one load process."""

    def __init__(self, systems: dict[str, System], load: subprocess.Popen[str], plan: Plan) -> None:
        self.wrong: dict[str, list[str]] = {name: [] for name in systems}
        self._systems = systems
        self._load = load
        self._plan = plan
        with_registry = next(s for s in systems.values() if s.registry_database.exists())
        count = max(_PEOPLE, *plan.citizens)
        self.people = find_people(with_registry.registry_database, count)

    def warm_up(self) -> None:
        """Everybody calls for the first time, then some once more as they will be measured."""
        for system in self._systems.values():
            _say(f"warming up {system.name}")
            if system.name != "constant":
                first = [(person, first_session()) for person in self.people]
                self.order(system, first, _WARM_CITIZENS, 0, once=True)
            again = self.sessions(system)[:_WARM_CITIZENS]
            self.order(system, again, _WARM_CITIZENS, 0, once=True)

    def measure(self) -> dict[str, Figures]:
        """The rounds, in each of which every system is measured once with every load."""
        slices: dict[str, list[Slice]] = {name: [] for name in self._systems}
        for number in range(self._plan.rounds):
            names = list(self._systems)
            # Whoever comes first in a round comes later in the next.
            turned = names[number % len(names) :] + names[: number % len(names)]
            for citizens in self._plan.citizens:
                for name in turned:
                    _say(f"round {number + 1}: {citizens} citizens, {name}")
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
        before = system.read_cpu()
        outcome = self.order(system, self.sessions(system), citizens, self._plan.seconds)
        spent = system.read_cpu().since(before)
        if not outcome["milliseconds"]:
            raise WrongAnswer(f"{system.name} answered nothing: {self.wrong[system.name][:1]}")
        del outcome["wrong"]
        return Slice(citizens=citizens, cpu=spent, **outcome)

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
        """Have citizens hold sessions; the outcome as `benchmarks.load` tells it."""
        channel = system.channels["ussd"]
        callers = [
            {"number": person.number, "hops": [asdict(hop) for hop in hops]}
            for person, hops in sessions
        ]
        order = {"url": channel["messages_url"], "address": channel["address"], "once": once}
        order |= {"think": think}
        order |= {"citizens": citizens, "seconds": seconds, "callers": callers}
        assert self._load.stdin is not None and self._load.stdout is not None
        self._load.stdin.write(json.dumps(order) + "\n")
        self._load.stdin.flush()
        line = self._load.stdout.readline()
        if not line:
            raise ServersChanged("the load process ended")
        outcome: dict[str, Any] = json.loads(line)
        self.wrong[system.name] += outcome["wrong"]
        return outcome


def run(names: Sequence[str], plan: Plan, report: Report) -> int:
    """Start the systems, measure them, print the report. 1 where an answer was wrong."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, _stop)
    signal.alarm(_LIMIT_SECONDS)
    long = single = None
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running(names, Path(folder), _say) as systems,
        load_process() as load,
    ):
        bench = Bench(systems, load, plan)
        bench.warm_up()
        before = read_machine()
        figures = bench.measure()
        others = read_machine().others_since(before)
        if "twiza" in systems and not bench.wrong["twiza"]:
            _say("one long conversation")
            numbers = [person.number for person in bench.people[: 1 + EARLY_CONVERSATIONS]]
            long = converse(systems["twiza"], numbers)
            single = _look_closer(bench, systems["twiza"])
    _say(f"other programs used {others:.0%} of the machine during the rounds")
    return _report(figures, long, single, bench.wrong, report)


def _look_closer(bench: Bench, system: System) -> SingleFigures:
    _say("words")
    words = read_words(system, bench.people[0].number)
    _say("32 citizens who think")
    slowest = bench.thinkers()
    _say("the engine alone")
    return SingleFigures(words, slowest, door_pss(system), look_at_engine(system))


def _report(
    figures: dict[str, Figures],
    long: LongConversation | None,
    single: SingleFigures | None,
    wrong: dict[str, list[str]],
    report: Report,
) -> int:
    parts = [table.systems_table(figures), table.processes_table(figures)]
    if "twiza" in figures and len(figures) > 1:
        parts.append(table.ratios_table(figures))
    if long is not None:
        parts.append(table.long_table(long))
    if single is not None:
        parts.append(single.table())
    print("\n\n".join(parts), file=sys.stderr if report.to_stdout else sys.stdout)
    for name, answers in wrong.items():
        if answers:
            _say(f"{name}: {len(answers)} wrong answers, the first: {answers[0]}")
    if any(wrong.values()):
        return 1
    found: dict[str, Any] = {
        "measured": describe_machine(),
        "systems": {name: one.as_json() for name, one in figures.items()},
    }
    if long is not None:
        found["long_conversation"] = long.as_json()
    if single is not None:
        found |= single.as_json()
    text = json.dumps(found, indent=2)
    if report.to_stdout:
        print(text)
    elif report.file is not None:
        report.file.write_text(f"{text}\n", encoding="utf-8")
    return 0


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


def _stop(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _say(sentence: str) -> None:
    print(f"bench: {sentence}", file=sys.stderr, flush=True)
