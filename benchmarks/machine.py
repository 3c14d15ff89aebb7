"""The machine and the day of a measurement, for whoever reads its figures later."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil


def describe_machine() -> dict[str, str]:
    """Day, processor, memory and system, in words."""
    gigabytes = psutil.virtual_memory().total / 1e9
    return {
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{psutil.cpu_count()} processors ({_processor()}), {gigabytes:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
