"""The two locks as lists of what is installed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT: Final = Path(__file__).resolve().parents[1]
# An environment by its name: its lock, its project file, and where it is installed.
LOCKS: Final = {"main": "requirements.lock", "engine": "bot/requirements.lock"}
PROJECTS: Final = {"main": "pyproject.toml", "engine": "bot/pyproject.toml"}
ENVIRONMENTS: Final = {"main": ".venv", "engine": "bot/.venv"}
_ENTRY: Final = re.compile(r"^[A-Za-z0-9].*?(?=\s*\\?$)", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Pin:
    """A package of an environment in one version, and where that applies."""

    name: str
    version: Version
    marker: str = ""


def read_lock(text: str) -> list[Pin]:
    """What a lock pins, by name. Raises ValueError for a line that pins no version."""
    pins = []
    for line in _ENTRY.findall(text):
        one = Requirement(line)
        [pinned] = one.specifier
        if pinned.operator != "==":
            raise ValueError(f"{one.name} is not pinned")
        marker = str(one.marker or "")
        pins.append(Pin(canonicalize_name(one.name), Version(pinned.version), marker))
    return sorted(pins)


def pins_of(environment: str, root: Path = ROOT) -> list[Pin]:
    """What an environment is pinned to."""
    return read_lock((root / LOCKS[environment]).read_text(encoding="utf-8"))
