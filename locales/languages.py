"""The languages Twiza speaks, read from languages.toml beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal

FOLDER = Path(__file__).parent
# What citizens read, and what staff read in the console.
MESSAGES: Final = "messages"
CONSOLE: Final = "console"
# Darija is spoken with citizens; staff read Standard Arabic.
_OF_STAFF: Final = ("ar", "zgh", "fr")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its catalog's code, its own name, and the codes others know it by.

    `domain` says whose catalog of it is meant: the citizens' or the console's. `sms` is the
    alphabet of what is sent by SMS of our own accord, `whatsapp` the language of templates at
    Meta, empty where it has none.
    """

    code: str
    name: str
    babel: str
    script: Literal["Arab", "Latn", "Tfng"]
    direction: Literal["ltr", "rtl"]
    spdci: str
    order: int
    sms: Literal["gsm7", "ucs2"]
    whatsapp: str = ""
    domain: str = MESSAGES

    @property
    def source(self) -> Path:
        """The catalog that translators write."""
        return FOLDER / self.code / "LC_MESSAGES" / f"{self.domain}.po"

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


@cache
def staff_languages() -> dict[str, Language]:
    """The languages of the console by code, each with the console's own catalog."""
    return {code: replace(languages()[code], domain=CONSOLE) for code in _OF_STAFF}


def is_language(code: str) -> bool:
    """Whether Twiza speaks this language."""
    return code in languages()
