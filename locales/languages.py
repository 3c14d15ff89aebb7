"""The languages Twiza speaks, read from languages.toml beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its catalog's code, its own name, and the codes others know it by."""

    code: str
    name: str
    babel: str
    script: Literal["Arab", "Latn", "Tfng"]
    direction: Literal["ltr", "rtl"]
    spdci: str
    order: int

    @property
    def source(self) -> Path:
        """The catalog that translators write."""
        return FOLDER / self.code / "LC_MESSAGES" / "messages.po"

    @property
    def compiled(self) -> Path:
        """The catalog that programs read."""
        return self.source.with_suffix(".mo")


@cache
def languages() -> dict[str, Language]:
    """Every language by its code, in the order of the language menu."""
    entries = tomllib.loads((FOLDER / "languages.toml").read_text(encoding="utf-8"))
    found = [Language(code=code, **entry) for code, entry in entries.items()]
    return {language.code: language for language in sorted(found, key=lambda one: one.order)}


def is_language(code: str) -> bool:
    """Whether Twiza speaks this language."""
    return code in languages()
