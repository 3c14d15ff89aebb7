"""Whether the service stays as quick and as small as it was: half an hour at half its load.

Half its load is half the turns that 32 citizens who never think are answered rightly, on this
machine now.
Every minute tells its latency, its processor time for each turn, and the memory of every process.
The answer is `flat` (exit status 0), `not flat` (1), or `undecided` (2) where answers came slower
while other programs kept the machine busy, or memory grew in a run too short to tell.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean
from typing import Any, Final

from benchmarks.cpu import ServersChanged, counted, read_machine, read_memory
from benchmarks.flow import WrongAnswer
from benchmarks.machine import describe_machine
from benchmarks.measure import percentile
from benchmarks.report import Report
from benchmarks.rounds import Bench, Plan, load_process, say, stop_on_signals
from benchmarks.steadiness import Minute, Verdict, judge, slopes
from benchmarks.stores.readings import read_lasting
from benchmarks.systems import System, running
from benchmarks.table import lines_up

_CITIZENS: Final = 32
# Nearly all that fit: whoever called again every few seconds would have thousands of turns.
_PEOPLE: Final = 100
_FULL_SECONDS: Final = 10
_SLICE_SECONDS: Final = 60
# Wrong answers are counted, and no minute is cut short by them.
_WRONG_AT_MOST: Final = 10_000
_WRONG_TOLD: Final = 20
_STARTING_SECONDS: Final = 1800
_ANSWERS: Final = {True: "flat", False: "not flat", None: "undecided"}
_STATUS: Final = {True: 0, False: 1, None: 2}


def run(minutes: int, report: Report) -> int:
    """Measure, print a line for each minute and a verdict, and write both whatever it is."""
    stop_on_signals(_STARTING_SECONDS + 2 * _SLICE_SECONDS * minutes)
    found: list[Minute] = []
    broken: list[str] = []
    lasting: list[float] = []
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running(["twiza"], Path(folder), say) as systems,
        load_process() as load,
    ):
        bench = Bench(systems, load, Plan([_CITIZENS], 1, _FULL_SECONDS, _PEOPLE))
        soak = _Soak(bench, systems["twiza"])
        try:
            bench.warm_up()
            soak.find_half()
            while len(found) < minutes:
                found.append(soak.minute())
                if len(found) == 1 + minutes // 4 or len(found) == minutes:
                    lasting.append(read_lasting(systems["twiza"].layout))
                say(f"minute {len(found)}: {_in_words(found[-1])}")
        except (ServersChanged, WrongAnswer) as fault:
            broken.append(str(fault))
    wrong = [*bench.wrong["twiza"], *soak.wrong]
    if wrong:
        others = f"other programs used {_others(found):.0%} of the machine"
        broken.append(f"{len(wrong)} wrong answers ({others}), the first: {wrong[0]}")
    judged = judge(found, lasting)
    verdict = Verdict([*broken, *judged.faults], judged.doubts)
    answer = _ANSWERS[verdict.flat]
    report.show(f"{table(found)}\n\n{slopes_table(found)}")
    report.write(
        {
            "measured": describe_machine() | {"others": f"{_others(found):.0%} of the machine"},
            "flat": verdict.flat,
            "answer": answer,
            "faults": [*verdict.faults],
            "doubts": [*verdict.doubts],
            "full_turns_per_s": round(soak.full, 2),
            "wrong": wrong[:_WRONG_TOLD],
            "minutes": [_rounded(one) for one in found],
            "redis_lasting_mb": [round(mb, 3) for mb in lasting],
            "mb_per_hour": {name: round(mb, 1) for name, mb in slopes(found).items()},
        }
    )
    say("; ".join([answer, *verdict.faults, *verdict.doubts]))
    return _STATUS[verdict.flat]


class _Soak:
    """Calls the service, at full load and then at half of that."""

    def __init__(self, bench: Bench, system: System) -> None:
        self.full = 0.0
        self.wrong: list[str] = []
        self._bench = bench
        self._system = system
        self._sessions = bench.sessions(system)
        self._think = 0.0

    def find_half(self) -> None:
        """Measure full load, and how long citizens must think to ask for half of it."""
        full = self._ask(_FULL_SECONDS, 0.0)
        if full["wrong"]:
            # More than full load is no fault; half of what was answered rightly must be right.
            self._bench.settle(self._system)
        if not full["milliseconds"]:
            raise WrongAnswer(f"nothing is answered: {full['wrong'][:1]}")
        self.full = len(full["milliseconds"]) / full["seconds"]
        between = 2 * _CITIZENS / self.full
        # What an answer takes at half load is far less than at full load, so it is measured, too.
        half = self._ask(_FULL_SECONDS, between)
        taken = mean(half["milliseconds"] or [0.0]) / 1000
        hops = len(self._sessions[0][1])
        # Nobody thinks before dialling.
        self._think = max(0.0, between - taken) * hops / (hops - 1)
        say(f"{self.full:.0f} turns/s at full load; citizens think {self._think:.2f} s")

    def minute(self) -> Minute:
        """Half load for a minute. Raises ServersChanged."""
        machine, before = read_machine(), self._system.read_cpu()
        outcome = self._ask(_SLICE_SECONDS, self._think)
        self.wrong += outcome["wrong"]
        spent = counted(self._system.read_cpu().since(before)) * 1000
        times = outcome["milliseconds"] or [0.0]
        return Minute(
            turns_per_s=len(times) / (outcome["seconds"] or 1.0),
            p50_ms=percentile(times, 0.5),
            p95_ms=percentile(times, 0.95),
            cpu_ms=spent / (outcome["answered"] or 1),
            pss_mb=read_memory(self._system.house),
            others=read_machine().others_since(machine),
            late=outcome["late"],
            wrong=len(outcome["wrong"]),
        )

    def _ask(self, seconds: int, think: float) -> dict[str, Any]:
        return self._bench.ask(
            self._system,
            self._sessions,
            _CITIZENS,
            seconds,
            think=think,
            wrong_at_most=_WRONG_AT_MOST,
        )


def table(found: Sequence[Minute]) -> str:
    """A line for each minute."""
    rows = [
        [
            *("minute", "turns/s", "p50 ms", "p95 ms", "CPU ms/turn", "late", "wrong"),
            *("MB in all", "others %"),
        ]
    ]
    for number, one in enumerate(found, 1):
        cells = [str(number), f"{one.turns_per_s:.0f}", f"{one.p50_ms:.1f}", f"{one.p95_ms:.1f}"]
        cells += [f"{one.cpu_ms:.2f}", str(one.late), str(one.wrong)]
        rows.append([*cells, f"{sum(one.pss_mb.values()):.0f}", f"{100 * one.others:.0f}"])
    return lines_up(rows)


def slopes_table(found: Sequence[Minute]) -> str:
    """A line for each process: its memory at the end, and what it grows in an hour."""
    growing = slopes(found)
    rows = [["process", "MB in the first minute", "in the last", "MB an hour, once warm"]]
    for name, last in sorted((found[-1].pss_mb if found else {}).items()):
        an_hour = f"{growing[name]:+.1f}" if name in growing else ""
        rows.append([name, f"{found[0].pss_mb[name]:.1f}", f"{last:.1f}", an_hour])
    return lines_up(rows)


def _others(found: Sequence[Minute]) -> float:
    return mean(one.others for one in found) if found else 0.0


def _in_words(one: Minute) -> str:
    return f"{one.turns_per_s:.0f} turns/s, p95 {one.p95_ms:.0f} ms"


def _rounded(one: Minute) -> dict[str, Any]:
    numbers = {name: round(value, 3) for name, value in asdict(one).items() if name != "pss_mb"}
    return numbers | {"pss_mb": {name: round(mb, 1) for name, mb in one.pss_mb.items()}}
