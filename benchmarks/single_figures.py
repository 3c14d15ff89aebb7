"""The figures of the service alone: words, people who think, memory, its start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import psutil

from benchmarks.engine_alone import EngineAlone
from benchmarks.free_text import FreeText
from benchmarks.systems import System
from benchmarks.table import lines_up

_MB: Final = 1e6


@dataclass(frozen=True, slots=True)
class SingleFigures:
    """What is measured of the service and of nothing else; `door_pss_mb` of one door worker."""

    words: FreeText
    ussd_p95_ms_32: float
    door_pss_mb: float
    engine: EngineAlone

    def as_json(self) -> dict[str, float | None]:
        """Their names in the JSON report."""
        scaling = self.engine.scaling
        return {
            "free_text_cpu_ms": round(self.words.words_cpu_ms, 3),
            "menu_turn_cpu_ms": round(self.words.menu_cpu_ms, 3),
            "ussd_p95_ms_32": round(self.ussd_p95_ms_32, 2),
            "engine_pss_mb": round(self.engine.pss_mb, 1),
            "engine_fork_pss_mb": round(self.engine.fork_pss_mb, 1),
            "door_pss_mb": round(self.door_pss_mb, 1),
            "cold_start_cpu_s": round(self.engine.cold_start_cpu_s, 2),
            "scaling_1_to_2": None if scaling is None else round(scaling, 2),
        }

    def table(self) -> str:
        """The same as lines."""
        engine = self.engine
        few = "skipped: fewer than 4 cores are free"
        return lines_up(
            [
                ["the service alone", ""],
                ["a turn of free text, CPU ms", f"{self.words.words_cpu_ms:.1f}"],
                ["a turn of the menu in the same chat, CPU ms", f"{self.words.menu_cpu_ms:.1f}"],
                ["a hop of 32 who think 1 s, p95 ms", f"{self.ussd_p95_ms_32:.0f}"],
                ["engine, PSS MB", f"{engine.pss_mb:.0f}"],
                ["each further engine process, PSS MB", f"{engine.fork_pss_mb:.0f}"],
                ["door worker, PSS MB", f"{self.door_pss_mb:.0f}"],
                ["engine to its first answer, CPU s", f"{engine.cold_start_cpu_s:.1f}"],
                [
                    "turns of two engine processes by those of one",
                    few if engine.scaling is None else f"{engine.scaling:.2f}",
                ],
            ]
        )


def door_pss(system: System) -> float:
    """MB of the largest process of the door, what is shared counted in part."""
    door = next(
        one for one in system.house.children() if "channels.app:" in " ".join(one.cmdline())
    )
    workers: list[psutil.Process] = door.children(recursive=True) or [door]
    return max(float(one.memory_full_info().pss) for one in workers) / _MB
