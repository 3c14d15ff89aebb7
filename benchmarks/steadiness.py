"""Whether what was measured minute by minute stays as it was. No I/O.

The first quarter fills pools and caches and is not judged. Memory is judged process by process, by
the slope of all minutes that are left: one large minute is no leak, and a small one hides none.
Of Redis, which grows by what it keeps for hours, it is told as well what no time ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Final

# What a quarter may be above another and still be called the same.
_SLOWER: Final = 1.5
_DEARER: Final = 1.25
# What a process may grow: so much of itself in an hour; what is less than this altogether is noise.
_LARGER_IN_AN_HOUR: Final = 0.10
_NOISE_MB: Final = 2.0
# Arenas of threads and pages of stores fill for some minutes; fewer than these tell little.
_TELLING_MINUTES: Final = 10
# Where other programs use so much of the machine, a slower answer tells nothing of this service.
_BUSY: Final = 0.15


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute: right turns a second, their latency, CPU for each, memory of every process in MB.

    `others` is the share of the machine that other programs used meanwhile.
    """

    turns_per_s: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    pss_mb: Mapping[str, float]
    others: float = 0.0
    late: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a run, and what could not be judged because the machine was busy."""

    faults: Sequence[str]
    doubts: Sequence[str]

    @property
    def flat(self) -> bool | None:
        """True or False, or None where nobody can tell."""
        if self.faults:
            return False
        return None if self.doubts else True


def judge(found: Sequence[Minute], lasting: Sequence[float] = ()) -> Verdict:
    """Compare the last quarter with the second, and follow the memory of every process.

    `lasting` are the MB in Redis that no time ends, once warm and at the end.
    """
    if not found:
        return Verdict(["not one minute was measured"], [])
    early, late = _quarters(found)
    slower = [
        f"{name} went from {before:.1f} to {after:.1f} ms"
        for name, before, after, most in (
            ("p95", _p95(early), _p95(late), _SLOWER),
            ("the CPU of a turn", _cpu(early), _cpu(late), _DEARER),
        )
        if after > most * before
    ]
    faults: list[str] = []
    doubts: list[str] = []
    busy = max(median(one.others for one in quarter) for quarter in (early, late))
    if busy > _BUSY:
        doubt = f"other programs used {busy:.0%} of the machine"
        doubts += [f"{sentence}, but {doubt}" for sentence in slower]
    else:
        faults += slower
    minutes = len(_warm(found))
    if minutes < _TELLING_MINUTES:
        doubts += [f"{sentence}, but {minutes} minutes tell little" for sentence in _growing(found)]
    else:
        faults += _growing(found)
    if lasting and lasting[-1] - lasting[0] > _NOISE_MB:
        grown = f"from {lasting[0]:.1f} to {lasting[-1]:.1f} MB"
        faults.append(f"what lasts in Redis grew {grown}")
    return Verdict(faults, doubts)


def slopes(found: Sequence[Minute]) -> dict[str, float]:
    """How many MB an hour each process grows, once it is warm; nothing where that is one minute."""
    warm = _warm(found)
    return {
        name: 60 * slope([one.pss_mb[name] for one in warm])
        for name in (warm[0].pss_mb if len(warm) > 1 else {})
    }


def slope(values: Sequence[float]) -> float:
    """The usual step from a value to the next: the median over all pairs (Theil and Sen)."""
    pairs = combinations(enumerate(values), 2)
    return median((later - sooner) / (at - before) for (before, sooner), (at, later) in pairs)


def _growing(found: Sequence[Minute]) -> list[str]:
    warm = _warm(found)
    told = []
    for name, an_hour in slopes(found).items():
        held = median(one.pss_mb[name] for one in warm)
        altogether = an_hour / 60 * (len(warm) - 1)
        if altogether > _NOISE_MB and an_hour > _LARGER_IN_AN_HOUR * held:
            told.append(f"{name} ({held:.0f} MB) grows by {an_hour:.0f} MB an hour")
    return told


def _warm(found: Sequence[Minute]) -> Sequence[Minute]:
    return found[len(found) // 4 :]


def _quarters(found: Sequence[Minute]) -> tuple[Sequence[Minute], Sequence[Minute]]:
    quarter = max(1, len(found) // 4)
    return found[quarter : 2 * quarter] or found[:quarter], found[-quarter:]


def _p95(found: Sequence[Minute]) -> float:
    return median(one.p95_ms for one in found)


def _cpu(found: Sequence[Minute]) -> float:
    return median(one.cpu_ms for one in found)
