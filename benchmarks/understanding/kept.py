"""DIET's row, kept in a dated file: nobody should have to train it to read the comparison."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.understanding.tables import Figures
from benchmarks.understanding.training import MESSAGES, ROOT

FILE: Final = Path(__file__).with_name("diet.toml")
_HEAD: Final = (
    "# Written by `bin/bench understanding --with-diet`; of the day and machine it names.\n"
)


def write(figures: Figures, files: Sequence[Path], file: Path = FILE) -> None:
    """Keep a row, with the day, the machine and what it was trained and scored on."""
    about = {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "data": fingerprint(files),
    }
    lines = [f"{name} = {json.dumps(text)}" for name, text in about.items()]
    parts: dict[str, dict[str, Any]] = {"figures": dict(figures)}
    parts["figures.by_file"] = parts["figures"].pop("by_file")
    for title, part in parts.items():
        lines += ["", f"[{title}]", *(f"{name} = {number}" for name, number in part.items())]
    file.write_text(_HEAD + "\n".join(lines) + "\n", "utf-8")


def read(files: Sequence[Path], file: Path = FILE) -> tuple[Figures, str]:
    """The kept row, and a sentence on when and on what it was measured."""
    found = tomllib.loads(file.read_text("utf-8"))
    note = f"diet: kept from {found['measured']}, on {found['machine']}"
    if found["data"] != fingerprint(files):
        note += "; the messages have changed since"
    return found["figures"], note


def fingerprint(files: Sequence[Path]) -> str:
    """A short hash of the training messages and the files that are scored."""
    digest = hashlib.sha256()
    for path in [*sorted(MESSAGES.rglob("*.yml")), *files]:
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def machine() -> str:
    """This machine in a few words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores of {_processor()}, {memory:.0f} GB, {platform.system()}"


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text("utf-8").splitlines() if listed.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
