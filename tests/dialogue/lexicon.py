"""What a screen may hold: the words of one language, in the letters of one kind of channel.

A language's words are those of its catalog and of the programme files in that language, and the
proper names the pretend registry gives. A sentence left in another language, a placeholder nobody
filled or a sealed value nobody opened holds a word, or a sign, that stands in none of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import get_currency_name

from channels.rendering.pages import Budget
from channels.rendering.screens import phone_text
from core.messages import ChannelKind
from core.vault import TOKEN
from locales.languages import languages
from locales.po import read_catalog
from sandbox.registry.offices import all_offices
from tests.end_to_end.words import ROOT, flat

# What only the citizen and the registers know.
_DIGITS_APART = re.compile(r"(?<=\d)[ ./:-](?=\d)")
_PLACEHOLDER = re.compile(r"\{\w*\}")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_TIFINAGH = re.compile("[\u2d30-\u2d7f]")
_WORD = re.compile(r"[^\W\d_]+")
# One count of each plural form there is.
_COUNTS = (0, 1, 2, 5, 11, 100)
_NAMES = ("names", "demo_people", "programmes")


@dataclass(frozen=True, slots=True)
class Citizen:
    """Whose file may be open, and so what must not stand on a screen."""

    idcs: str
    birth_date: str
    phone: str

    @classmethod
    def of(cls, person: dict[str, Any], number: str) -> tuple[Citizen, ...]:
        """The demo person, and the number that calls: neither is ever told."""
        whole = cls(person["idcs"], person["birth_date"], person["phone"] or "")
        return (whole, cls("", "", number))

    def told_in(self, text: str) -> Iterator[str]:
        """What of the citizen stands in a text, however it is cut into groups."""
        digits = _DIGITS_APART.sub("", text)
        year, month, day = (self.birth_date or "--").split("-")
        born = (f"{day}{month}{year}", f"{year}{month}{day}") if year else ()
        for secret in (self.idcs, *born, self.phone[-9:]):
            if secret and secret in digits:
                yield f"tells {secret[:2]}…"


def faults(
    page: str,
    kind: ChannelKind,
    language: str,
    citizens: tuple[Citizen, ...],
    own: Collection[str] = (),
) -> list[str]:
    """What is wrong with a screen or message; nothing where all is right.

    `own` are words the citizen wrote, which may be read back.
    """
    found = []
    if kind is ChannelKind.USSD and not Budget().holds(page):
        found.append("does not fit its page")
    if _PLACEHOLDER.search(page):
        found.append("holds a placeholder")
    if TOKEN.search(page) or "[[" in page:
        found.append("holds a sealed value")
    found += [told for one in citizens for told in one.told_in(flat(page))]
    if not page.strip():
        found.append("is empty")
    if language:
        found += _script(page, kind, language)
        known = _known(language, kind)
        unknown = [word for word in words_of(page) if word not in known and word not in own]
        if unknown:
            found.append(f"holds words that are not of {language}: {', '.join(unknown)}")
    return found


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters, without digits."""
    return _WORD.findall(flat(text).casefold())


def _script(page: str, kind: ChannelKind, language: str) -> list[str]:
    written = languages()[language].script
    arabic, tifinagh = bool(_ARABIC.search(page)), bool(_TIFINAGH.search(page))
    in_tifinagh = written == "Tfng" and kind is ChannelKind.WHATSAPP
    if written == "Arab" and (tifinagh or not arabic):
        return ["is not in Arabic letters"]
    if written != "Arab" and (arabic or tifinagh != in_tifinagh):
        return ["is not in the letters of its language"]
    return []


@cache
def _known(language: str, kind: ChannelKind) -> frozenset[str]:
    """Every word that may stand on a screen in a language, as that kind of channel shows it."""
    texts = [str(message.string) for message in read_catalog(languages()[language].source)]
    texts += _programme_words(language)
    locale = Locale.parse(languages()[language].babel)
    for calendar in (locale.months, locale.days):
        texts += [name for width in calendar["format"].values() for name in width.values()]
        texts += [name for width in calendar["stand-alone"].values() for name in width.values()]
    texts += [get_currency_name("MAD", count, locale) for count in _COUNTS]
    shown = [phone_text(text, kind, language) for text in texts]
    script = languages()[language].script
    proper = [_without_foreign(name, script) for name in _proper_names()]
    shown += [phone_text(name, kind, language) for name in proper]
    return frozenset(word for text in shown for word in words_of(re.sub(r"\{\w+\}", " ", text)))


def _without_foreign(name: str, script: str) -> str:
    """A proper name, where the readers of a script are shown it."""
    return name if (script == "Arab") == bool(_ARABIC.search(name)) else ""


@cache
def _proper_names() -> tuple[str, ...]:
    """What the pretend registry tells in two scripts: names of people, places and papers."""
    found: list[str] = []

    def gather(held: Any) -> None:
        if isinstance(held, dict):
            for one in held.values():
                gather(one)
        elif isinstance(held, list):
            if any(isinstance(one, str) and _ARABIC.search(one) for one in held):
                found.extend(str(one) for one in held)
            for one in held:
                gather(one)

    for office in all_offices().values():
        found += [
            str(told) for in_arabic in (True, False) for told in office.told(in_arabic).values()
        ]
    for name in _NAMES:
        path = ROOT / "sandbox" / "registry" / f"{name}.toml"
        gather(tomllib.loads(path.read_text(encoding="utf-8")))
    return tuple(found)


def _programme_words(language: str) -> list[str]:
    """The words of the programme and procedure files in a language."""
    found: list[str] = []

    def gather(held: Any) -> None:
        if isinstance(held, dict):
            if languages().keys() <= held.keys():
                found.append(str(held[language]))
                return
            for one in held.values():
                gather(one)
        elif isinstance(held, list):
            for one in held:
                gather(one)

    for folder in ("programmes", "procedures", "applications"):
        for path in sorted((ROOT / "actions" / folder).glob("*.toml")):
            gather(tomllib.loads(path.read_text(encoding="utf-8")))
    return found
