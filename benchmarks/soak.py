"""Whether the service stays as quick and as small as it was: half an hour at half its load.

Half its load is half the turns that 32 citizens who never think are answered. Every minute tells
its latency, its processor time for each turn, and the memory of every process.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.cpu import counted, read_memory
from benchmarks.flow import WrongAnswer
from benchmarks.measure import percentile
from benchmarks.systems import running
from benchmarks.table import lines_up
from benchmarks.turn import Bench, Plan, Report, load_process

_CITIZENS: Final = 32
_FULL_SECONDS: Final = 10
_SLICE_SECONDS: Final = 60
# What a quarter of the run may be above another and still be called flat.
_SLOWER: Final = 1.5
_LARGER: Final = 1.1


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute: turns, their latency, CPU for each in ms, proportional memory in MB by role."""

    turns: int
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    pss_mb: Mapping[str, float]


def run(minutes: int, report: Report) -> int:
    """Measure, print a line for each minute and a verdict; 1 where it is not flat."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running(["twiza"], Path(folder), _say) as systems,
        load_process() as load,
    ):
        bench = Bench(systems, load, Plan([_CITIZENS], 1, _FULL_SECONDS))
        bench.warm_up()
        system, sessions = systems["twiza"], bench.sessions(systems["twiza"])
        full = bench.order(system, sessions, _CITIZENS, _FULL_SECONDS)
        rate = len(full["milliseconds"]) / full["seconds"]
        think = max(0.0, 2 * _CITIZENS / rate - median(full["milliseconds"]) / 1000)
        _say(f"{rate:.0f} turns/s at full load; citizens think {think:.2f} s")
        found: list[Minute] = []
        for number in range(minutes):
            before = system.read_cpu()
            slice_ = bench.order(system, sessions, _CITIZENS, _SLICE_SECONDS, think=think)
            spent = counted(system.read_cpu().since(before)) * 1000 / slice_["answered"]
            times = slice_["milliseconds"]
            memory = read_memory(system.house)
            found.append(
                Minute(len(times), percentile(times, 0.5), percentile(times, 0.95), spent, memory)
            )
            _say(f"minute {number + 1}: p95 {found[-1].p95_ms:.0f} ms")
        if bench.wrong["twiza"]:
            raise WrongAnswer(bench.wrong["twiza"][0])
    is_flat = stays_flat(found)
    print(table(found), file=sys.stderr if report.to_stdout else sys.stdout)
    text = json.dumps({"flat": is_flat, "minutes": [asdict(one) for one in found]}, indent=2)
    if report.to_stdout:
        print(text)
    elif report.file is not None:
        report.file.write_text(f"{text}\n", encoding="utf-8")
    _say("flat" if is_flat else "not flat")
    return 0 if is_flat else 1


def stays_flat(found: Sequence[Minute]) -> bool:
    """True where the last quarter is neither slower nor larger than the second.

    The first quarter fills pools and caches.
    """
    quarter = max(1, len(found) // 4)
    early, late = found[quarter : 2 * quarter] or found[:quarter], found[-quarter:]
    slower = median(one.p95_ms for one in late) / median(one.p95_ms for one in early)
    larger = _memory(late) / _memory(early)
    return slower <= _SLOWER and larger <= _LARGER


def table(found: Sequence[Minute]) -> str:
    """A line for each minute."""
    roles = sorted(found[0].pss_mb) if found else []
    rows = [["minute", "turns", "p50 ms", "p95 ms", "CPU ms/turn", *(f"{r} MB" for r in roles)]]
    for number, one in enumerate(found, 1):
        cells = [str(number), str(one.turns), f"{one.p50_ms:.1f}", f"{one.p95_ms:.1f}"]
        rows.append([*cells, f"{one.cpu_ms:.2f}", *(f"{one.pss_mb.get(r, 0):.0f}" for r in roles)])
    return lines_up(rows)


def _memory(found: Sequence[Minute]) -> float:
    return median(sum(one.pss_mb.values()) for one in found)


def _say(sentence: str) -> None:
    print(f"bench: {sentence}", file=sys.stderr, flush=True)
