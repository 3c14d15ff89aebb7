"""The arithmetic: what measurements of one system come to. No I/O."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from benchmarks.cpu import OUTSIDE

PREFERRED_CITIZENS: Final = 8
_SHARES: Final = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True, slots=True)
class Turn:
    """When a turn began and ended, in seconds since its measurement began."""

    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Slice:
    """One measurement of some citizens at once.

    `milliseconds` are of the right turns that ended in the `seconds` in which all citizens were
    busy; `cpu` is seconds by role over all turns `answered` right; beside them `late` turns came
    too late and `wrong` ones ended a session.
    """

    citizens: int
    seconds: float
    milliseconds: Sequence[float]
    answered: int
    cpu: Mapping[str, float]
    late: int = 0
    wrong: int = 0

    @property
    def turns_per_s(self) -> float:
        """The rate while all citizens were busy."""
        return len(self.milliseconds) / self.seconds if self.milliseconds else 0.0


@dataclass(frozen=True, slots=True)
class Overrun:
    """How many turns of all rounds came late, or wrong, with as many citizens as were too many."""

    late: int
    wrong: int

    def as_json(self) -> dict[str, int]:
        """The shape of `systems.<name>.overrun.<citizens>` in the JSON report."""
        return {"late_turns": self.late, "wrong_turns": self.wrong}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one system came to: medians over the rounds, latency and CPU at `citizens`.

    `latency_ms` holds percentiles by name for each number of citizens, `overrun` the numbers of
    citizens at which a turn was late or wrong.
    """

    citizens: int
    turns_per_s: Mapping[int, float]
    p50_ms: float
    p95_ms: float
    cpu_ms_per_turn: float
    cpu_ms_by_role: Mapping[str, float]
    latency_ms: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    overrun: Mapping[int, Overrun] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape of `systems.<name>` in the JSON report; `overrun` where there was one."""
        latency = {
            str(count): {name: round(ms, 2) for name, ms in found.items()}
            for count, found in self.latency_ms.items()
        }
        overrun = {str(count): one.as_json() for count, one in self.overrun.items()}
        return {
            "cpu_ms_per_turn": round(self.cpu_ms_per_turn, 3),
            "cpu_ms_by_role": {role: round(ms, 3) for role, ms in self.cpu_ms_by_role.items()},
            "turns_per_s": {str(n): round(rate, 2) for n, rate in self.turns_per_s.items()},
            "p50_ms": round(self.p50_ms, 2),
            "p95_ms": round(self.p95_ms, 2),
            "latency_ms": latency,
            **({"overrun": overrun} if overrun else {}),
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def busy_span(turns: Sequence[Sequence[Turn]], ramp_seconds: float) -> tuple[float, float]:
    """From the end of the ramp until the first citizen has no more calls to make.

    `turns` holds each citizen's. Where the first ended within the ramp it is the whole time.
    """
    made = [one for one in turns if one]
    last = max((one[-1].ended for one in made), default=0.0)
    first_end = min((one[-1].ended for one in made), default=0.0)
    return (ramp_seconds, first_end) if first_end > ramp_seconds else (0.0, last)


def ratio(value: float, other: float) -> float:
    """How many times the other a value is; infinite beside nothing."""
    return value / other if other else math.inf


def summarise(slices: Sequence[Slice]) -> Figures:
    """Medians over the rounds of one system; at least one measurement is needed.

    Latency and CPU are those at 8 citizens, or at the most that were measured.
    """
    counts = sorted({one.citizens for one in slices})
    at = PREFERRED_CITIZENS if PREFERRED_CITIZENS in counts else counts[-1]
    chosen = [one for one in slices if one.citizens == at]
    roles = sorted({role for one in chosen for role in one.cpu})
    per_turn = [{role: _cpu_ms(one, [role]) for role in roles} for one in chosen]
    counted = [role for role in roles if role not in OUTSIDE]
    by_count = {count: [one for one in slices if one.citizens == count] for count in counts}
    overrun = {count: _overrun(found) for count, found in by_count.items()}
    return Figures(
        citizens=at,
        turns_per_s={c: median(one.turns_per_s for one in found) for c, found in by_count.items()},
        p50_ms=median(percentile(one.milliseconds, 0.50) for one in chosen),
        p95_ms=median(percentile(one.milliseconds, 0.95) for one in chosen),
        cpu_ms_per_turn=median(_cpu_ms(one, counted) for one in chosen),
        cpu_ms_by_role={role: median(round_[role] for round_ in per_turn) for role in roles},
        latency_ms={count: _latency(found) for count, found in by_count.items()},
        overrun={count: one for count, one in overrun.items() if one.late or one.wrong},
    )


def _latency(slices: Sequence[Slice]) -> dict[str, float]:
    answered = [one.milliseconds for one in slices if one.milliseconds]
    if not answered:
        return {}
    return {
        name: median(percentile(times, share) for times in answered)
        for name, share in _SHARES.items()
    }


def _overrun(slices: Sequence[Slice]) -> Overrun:
    return Overrun(sum(one.late for one in slices), sum(one.wrong for one in slices))


def _cpu_ms(one: Slice, roles: Sequence[str]) -> float:
    return sum(one.cpu.get(role, 0.0) for role in roles) * 1000 / one.answered
