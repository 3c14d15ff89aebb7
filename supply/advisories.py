"""What is known without asking anybody: faults accepted until a day, and versions not to go below.

They stand in `deploy/advisories.toml`. An exception ends by itself: on its day, once its package is
mended, or gone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal

from packaging.version import Version
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from supply.locks import ROOT, Pin

FILE: Final = ROOT / "deploy" / "advisories.toml"
_SHORTEST_REASON: Final = 30
Environment = Literal["main", "engine"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    package: str
    environment: Environment
    why: str = Field(min_length=_SHORTEST_REASON)


class Accepted(_Entry):
    """A known fault that is lived with until a day; `mended` is the first version without it."""

    id: str = Field(pattern=r"^(CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3}|PYSEC-\d{4}-\d+)$")
    mended: str = ""
    until: date


class Least(_Entry):
    """A version that a package must not go below."""

    version: str


class Advisories(BaseModel):
    """All of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accepted: tuple[Accepted, ...] = ()
    least: tuple[Least, ...] = ()


def read_advisories(path: Path = FILE) -> Advisories:
    """The file. Raises ValueError where it cannot be read."""
    try:
        return Advisories.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as fault:
        raise ValueError(f"{path.name}: {fault}") from None


def faults_in(
    advisories: Advisories, pinned: Mapping[str, Sequence[Pin]], today: date
) -> list[str]:
    """What is wrong, a sentence each; nothing where all holds."""
    found = []
    for one in advisories.accepted:
        versions = _versions(pinned, one)
        if today > one.until:
            found.append(f"{one.id} of {one.package} was accepted until {one.until}: decide again")
        if not versions:
            found.append(f"{one.id}: {one.package} is gone from {one.environment}; so may this be")
        elif one.mended and min(versions) >= Version(one.mended):
            found.append(f"{one.id} of {one.package} is mended in {one.mended}; take it out")
    for least in advisories.least:
        versions = _versions(pinned, least)
        if not versions:
            found.append(f"{least.package} is gone from {least.environment}; so may its least be")
        elif min(versions) < Version(least.version):
            low = min(versions)
            found.append(f"{least.package} {low} is below {least.version}: {least.why}")
    return found


def _versions(pinned: Mapping[str, Sequence[Pin]], entry: _Entry) -> list[Version]:
    return [pin.version for pin in pinned[entry.environment] if pin.name == entry.package]
