"""How fast the registry is asked: lookups through the real client at a sandbox of its own.

Two sandbox registries run as processes at the same time, one with the usual two hundred households
and one with a hundred thousand. Citizens look up households, 1, 8 and 32 at once, at one registry
and then at the other, in three rounds, so that what else the machine does is to both of them. Every
index is checked. The faults are then tried on the usual one: a tenth of the calls fails, is cut or
is late.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.cpu import read_machine
from benchmarks.flow import WrongAnswer
from benchmarks.lookups import Citizens, Lookups
from benchmarks.registry_process import Registry, registry_running
from benchmarks.report import Report
from benchmarks.table import lines_up

_HOMES: Final = 2000
_AT: Final = 8
_WARM_SECONDS: Final = 0.5
_ROUNDS: Final = 3
_SHARE: Final = 0.1
_FAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "http_500": {"kind": "error"},
    "reset": {"kind": "reset"},
    "late_200_ms": {"kind": "latency", "seconds": 0.2},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How many citizens at once, for how long each time, among how many households."""

    citizens: Sequence[int]
    seconds: float
    households: Sequence[int]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a registry came to: rates by citizens, latency at 8 of them or at the most."""

    at: int
    by_citizens: Mapping[int, Lookups]

    def as_json(self) -> dict[str, Any]:
        """The shape of one entry of the report."""
        chosen = self.by_citizens[self.at]
        return {
            "p50_ms": round(chosen.at(0.5), 2),
            "p95_ms": round(chosen.at(0.95), 2),
            "lookups_per_s": {
                str(count): round(one.per_second, 1) for count, one in self.by_citizens.items()
            },
            "failed_share": round(chosen.failed_share, 4),
            "registry_cpu_ms": round(chosen.registry_cpu_ms, 2),
        }


def run(plan: Plan, report: Report) -> int:
    """Start the registries, measure, print the report. Raises WrongAnswer."""
    found: dict[str, Any] = {"households": {}, "faults": {}}
    before = read_machine()
    with ExitStack() as stack:
        registries = {
            households: stack.enter_context(registry_running(households))
            for households in plan.households
        }
        _say(" and ".join(f"{households} households" for households in registries))
        for households, figures in _measure(registries, plan).items():
            found["households"][str(households)] = figures.as_json()
        usual = min(registries)
        for name, fault in _FAULTS.items():
            _say(f"faults: {name}")
            with registries[usual].failing({"probability": _SHARE, **fault}):
                figures = _measure({usual: registries[usual]}, plan)[usual]
                found["faults"][name] = figures.as_json()
    others = read_machine().others_since(before)
    report.show(f"{written(found)}\n\nOther programs used {others:.0%} of the machine.")
    report.write(found)
    return 0


def written(found: Mapping[str, Any]) -> str:
    """The report as a table."""
    rows = [(f"{int(name):,} households", one) for name, one in found["households"].items()]
    rows += [(f"{_SHARE:.0%} {name}", one) for name, one in found["faults"].items()]
    counts = list(rows[0][1]["lookups_per_s"])
    rates = [f"lookups/s at {count}" for count in counts]
    lines = [["", *rates, "p50 ms", "p95 ms", "failed %", "registry CPU ms"]]
    for name, one in rows:
        rates = [f"{one['lookups_per_s'][count]:.0f}" for count in counts]
        latency = [f"{one['p50_ms']:.1f}", f"{one['p95_ms']:.1f}"]
        failed, cpu = f"{100 * one['failed_share']:.1f}", f"{one['registry_cpu_ms']:.1f}"
        lines.append([name, *rates, *latency, failed, cpu])
    return lines_up(lines)


def _measure(registries: Mapping[int, Registry], plan: Plan) -> dict[int, Figures]:
    """The figures of each registry, made in rounds."""
    homes = {name: registry.homes(_HOMES) for name, registry in registries.items()}
    found = {name: {count: Lookups() for count in plan.citizens} for name in registries}
    seconds = plan.seconds / _ROUNDS
    for _ in range(_ROUNDS):
        for count in plan.citizens:
            for name, registry in registries.items():
                citizens = Citizens(registry.url, registry.secret, count)
                citizens.look_up(homes[name], min(_WARM_SECONDS, seconds))
                before = registry.cpu()
                one = citizens.look_up(homes[name], seconds)
                one.registry_cpu = registry.cpu() - before
                found[name][count].add(one)
    if not all(one.milliseconds for counted in found.values() for one in counted.values()):
        raise WrongAnswer("no lookup was answered")
    at = _AT if _AT in plan.citizens else max(plan.citizens)
    return {name: Figures(at, by_citizens) for name, by_citizens in found.items()}


def _say(sentence: str) -> None:
    print(f"bench: {sentence}", file=sys.stderr, flush=True)
