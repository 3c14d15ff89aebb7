"""Train one contender in a process of its own, without any cache, and say what that took."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
MESSAGES: Final = ROOT / "data" / "nlu"
_MARK: Final = re.compile(r'\[([^\]\n]+)\]\{"entity": "(\w+)"')
MB: Final = 1_000_000
# The kernel counts the memory of a process in KiB, that of macOS in bytes.
RSS_UNIT: Final = 1 if sys.platform == "darwin" else 1024


class ContenderFailed(RuntimeError):
    """A contender could not be trained or scored; the text is the end of its log."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A pipeline that is compared, and the Python it runs in."""

    name: str
    pipeline: Path
    python: Path


@dataclass(frozen=True, slots=True)
class Training:
    """A trained model and what it took: wall and processor seconds, peak memory, size."""

    model: Path
    seconds: float
    cpu_seconds: float
    peak_mb: float
    model_mb: float


def train(contender: Contender, folder: Path) -> Training:
    """Train a contender on data/nlu below a folder. Raises ContenderFailed."""
    messages = _with_lookups(folder / "messages")
    command = [*quietly(folder), str(contender.python), "bot/main.py", "train", "nlu"]
    command += ["--config", str(contender.pipeline), "--nlu", str(messages)]
    command += ["--domain", "bot/domain/intents.yml", "--out", str(folder)]
    command += ["--fixed-model-name", contender.name]
    log = folder / f"{contender.name}.log"
    began = time.monotonic()
    with log.open("w") as written:
        process = subprocess.Popen(command, cwd=ROOT, stdout=written, stderr=written)
        # Unlike Popen.wait, this also tells what the process used, its children included.
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    model = folder / f"{contender.name}.tar.gz"
    if process.returncode or not model.exists():
        raise ContenderFailed(f"{contender.name}: {log.read_text()[-1500:]}")
    return Training(
        model=model,
        seconds=time.monotonic() - began,
        cpu_seconds=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss * RSS_UNIT / MB,
        model_mb=model.stat().st_size / MB,
    )


def quietly(folder: Path) -> list[str]:
    """What a contender's command begins with: no cache of another run, and little talk."""
    settings = {
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "RASA_TELEMETRY_ENABLED": "false",
        "LOG_LEVEL": "ERROR",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
    }
    return ["env", *(f"{name}={value}" for name, value in settings.items())]


def lookups(texts: list[str]) -> dict[str, list[str]]:
    """The phrases that are marked in training files, by entity: what stock Rasa can look up."""
    found: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for phrase, entity in _MARK.findall(text):
            found[entity].add(phrase)
    return {entity: sorted(phrases) for entity, phrases in sorted(found.items())}


def _with_lookups(folder: Path) -> Path:
    if not folder.exists():
        shutil.copytree(MESSAGES, folder)
        texts = [path.read_text("utf-8") for path in sorted(MESSAGES.rglob("*.yml"))]
        lines = ['version: "3.1"', "nlu:"]
        for entity, phrases in lookups(texts).items():
            lines += [f"  - lookup: {entity}", "    examples: |"]
            lines += [f"      - {phrase}" for phrase in phrases]
        (folder / "lookups.yml").write_text("\n".join(lines) + "\n", "utf-8")
    return folder
