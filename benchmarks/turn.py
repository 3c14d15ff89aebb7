"""What a turn costs: the service, stock Rasa, a hand-written menu and a constant, on one flow."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.cpu import read_machine
from benchmarks.engine_alone import look_at_engine
from benchmarks.free_text import read_words
from benchmarks.full import model
from benchmarks.long_conversation import EARLY_CONVERSATIONS, LongConversation, converse
from benchmarks.machine import describe_machine
from benchmarks.measure import Figures
from benchmarks.report import Report
from benchmarks.rounds import Bench, Plan, load_process, say, stop_on_signals
from benchmarks.single_figures import SingleFigures, door_pss
from benchmarks.systems import FULL, System, running

# Nothing here may run on for ever, whatever a server does.
_LIMIT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run came to: figures by system, answers that no system may give, and the machine.

    `others` is the share of the machine that other programs used during the rounds.
    """

    figures: Mapping[str, Figures]
    wrong: Mapping[str, Sequence[str]]
    others: float
    long: LongConversation | None = None
    single: SingleFigures | None = None

    def tables(self) -> str:
        """The whole as tables."""
        parts = [table.systems_table(self.figures), table.processes_table(self.figures)]
        if "twiza" in self.figures and len(self.figures) > 1:
            parts.append(table.ratios_table(self.figures))
        if self.long is not None:
            parts.append(table.long_table(self.long))
        if self.single is not None:
            parts.append(self.single.table())
        if any(one.overrun for one in self.figures.values()):
            parts.append(table.overrun_lines(self.figures))
        return "\n\n".join(parts)

    def as_json(self) -> dict[str, Any]:
        """The whole as the JSON report."""
        return {
            "measured": describe_machine() | {"others": f"{self.others:.0%} of the machine"},
            "systems": {name: one.as_json() for name, one in self.figures.items()},
            **({} if self.long is None else {"long_conversation": self.long.as_json()}),
            **({} if self.single is None else self.single.as_json()),
        }


def run(names: Sequence[str], plan: Plan, report: Report, with_diet: bool = False) -> int:
    """Start the systems, measure them, print the report. 1 where an answer was wrong."""
    if with_diet:
        model.make(say)
        names = [*names, FULL]
    stop_on_signals(_LIMIT_SECONDS)
    long = single = None
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running(names, Path(folder), say) as systems,
        load_process() as load,
    ):
        bench = Bench(systems, load, plan)
        bench.warm_up()
        before = read_machine()
        figures = bench.measure()
        others = read_machine().others_since(before)
        if "twiza" in systems and not bench.wrong["twiza"]:
            say("one long conversation")
            numbers = [person.number for person in bench.people[: 1 + EARLY_CONVERSATIONS]]
            long = converse(systems["twiza"], numbers)
            single = _look_closer(bench, systems["twiza"])
    say(f"other programs used {others:.0%} of the machine during the rounds")
    return report_on(Measured(figures, bench.wrong, others, long, single), report)


def report_on(measured: Measured, report: Report) -> int:
    """Print the tables and write the JSON; 1 and no JSON where an answer was wrong.

    A wrong answer of stock Rasa while a crowd overruns it is no such answer but a figure.
    """
    report.show(measured.tables())
    for name, answers in measured.wrong.items():
        if answers:
            say(f"{name}: {len(answers)} wrong answers, the first: {answers[0]}")
    if any(measured.wrong.values()):
        return 1
    report.write(measured.as_json())
    return 0


def _look_closer(bench: Bench, system: System) -> SingleFigures:
    say("words")
    words = read_words(system, bench.people[0].number)
    say("32 citizens who think")
    slowest = bench.thinkers()
    say("the engine alone")
    return SingleFigures(words, slowest, door_pss(system), look_at_engine(system))
