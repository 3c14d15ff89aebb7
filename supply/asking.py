"""Asking an advisory service, by pip-audit, and knowing whether it answered."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from supply.locks import Pin

SERVICES: Final = ("pypi", "osv")
_SECONDS: Final = 600


@dataclass(frozen=True)
class Answer:
    """What a service said of some packages: the faults it knows, or why it said nothing."""

    known: tuple[str, ...] = ()
    unasked: str = ""


def ask(pins: Iterable[Pin], accepted: Collection[str], service: str) -> Answer:
    """Ask about every package; one that it could not tell of makes the whole unasked."""
    known: list[str] = []
    for batch in _batches(pins):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as wanted:
            wanted.write("".join(f"{pin.name}=={pin.version}\n" for pin in batch))
            wanted.flush()
            told = _run(Path(wanted.name), service)
        if told.returncode not in (0, 1) or not told.stdout.strip():
            return Answer(unasked=_last_line(told.stderr))
        try:
            answered = json.loads(told.stdout)["dependencies"]
        except (ValueError, KeyError, TypeError):
            return Answer(unasked="an answer that cannot be read")
        silent = _silent(batch, answered)
        if silent:
            return Answer(unasked=f"nothing was told of {', '.join(silent)}")
        known += _known(answered, accepted)
    return Answer(tuple(known))


def _run(wanted: Path, service: str) -> subprocess.CompletedProcess[str]:
    # --strict: without it a package that nobody could tell of counts as one without faults.
    command = [sys.executable, "-m", "pip_audit", "--strict", "--no-deps", "--disable-pip"]
    command += ["--progress-spinner", "off", "--vulnerability-service", service]
    command += ["--format", "json", "--requirement", str(wanted)]
    return subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)


def _silent(batch: Sequence[Pin], answered: list[dict[str, Any]]) -> list[str]:
    told = {(one["name"], one["version"]) for one in answered if "vulns" in one}
    return [pin.name for pin in batch if (pin.name, str(pin.version)) not in told]


def _known(answered: list[dict[str, Any]], accepted: Collection[str]) -> Iterator[str]:
    for one in answered:
        for fault in one["vulns"]:
            names = {fault["id"], *fault.get("aliases", ())}
            if not names & set(accepted):
                mended = ", ".join(fault.get("fix_versions", ())) or "nowhere yet"
                yield f"{one['name']} {one['version']}: {fault['id']}, mended in {mended}"


def _batches(pins: Iterable[Pin]) -> list[list[Pin]]:
    """The packages in lists in which none stands twice, for different Pythons."""
    batches: list[dict[str, Pin]] = []
    for pin in pins:
        place = next((one for one in batches if pin.name not in one), None)
        if place is None:
            place = {}
            batches.append(place)
        place[pin.name] = pin
    return [list(batch.values()) for batch in batches]


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it said nothing"
