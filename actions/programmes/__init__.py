"""The programmes as data: one TOML file each, with names, and thresholds that begin on a date.

Adding a programme is adding a file here. A threshold holds from its date until the next one's; an
index that is lower or equal is within it. Nothing here says that somebody is entitled: a register
shows an index, and the agency decides.
"""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import SettingsFaulty

Confidence = Literal["high", "medium", "low"]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(_Read):
    """A name in each of our languages."""

    ar: str = Field(min_length=1)
    ary: str = Field(min_length=1)
    fr: str = Field(min_length=1)
    zgh: str = Field(min_length=1)

    def in_language(self, language: str) -> str:
        """The name in one of our languages (ar, ary, fr, zgh)."""
        return str(getattr(self, language))


class Threshold(_Read):
    """The highest index a programme takes, from a date on, and where that was read."""

    since: date = Field(alias="from")
    index_at_most: Decimal
    source: str = Field(min_length=10)
    confidence: Confidence


class Programme(_Read):
    """A programme of social protection that looks at the socio-economic index."""

    key: str
    names: Names
    short_names: Names
    thresholds: tuple[Threshold, ...] = Field(min_length=1)

    def name(self, language: str) -> str:
        """The full name in one of our languages."""
        return self.names.in_language(language)

    def short_name(self, language: str) -> str:
        """The name that fits a USSD page."""
        return self.short_names.in_language(language)

    def threshold_on(self, day: date) -> Decimal | None:
        """The highest index within the programme on a day, or None before the first threshold."""
        begun = [threshold for threshold in self.thresholds if threshold.since <= day]
        latest = max(begun, key=lambda threshold: threshold.since, default=None)
        return latest.index_at_most if latest else None


def load_programmes() -> dict[str, Programme]:
    """Every programme by its key, which is its file's name, in the order of the keys.

    Raises SettingsFaulty, listing every faulty file.
    """
    found: dict[str, Programme] = {}
    faults: list[str] = []
    files = (file for file in resources.files(__package__).iterdir() if file.name.endswith(".toml"))
    for file in sorted(files, key=lambda file: file.name):
        key = file.name.removesuffix(".toml")
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
            found[key] = Programme.model_validate({**content, "key": key})
        except (tomllib.TOMLDecodeError, ValidationError) as faulty:
            faults.append(f"{file.name}: {faulty}")
    if faults:
        raise SettingsFaulty(faults)
    return found
