"""What can be chosen in answer to a question: what its file says, or what the registry holds."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from actions.applications.walk import Filled
from actions.programmes.questions import Question
from actions.programmes.texts import Texts, Title
from actions.registry.shapes import Office
from actions.topic import Telling
from locales.formats import format_date, format_moment

_FOLDER: Final = Path(__file__).parent
# Between a part of an answer and what stands for it; neither a code nor a name holds it.
BETWEEN: Final = "\t"
# Where an office is looked for once the place that was named has none: in every region.
ANYWHERE: Final = "?"
# More than anybody scrolls through; a reference can be typed as well.
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """One choice: what is kept, what it is called, and what stands for it in a summary.

    A `personal` title goes to the screen sealed.
    """

    value: str
    title: str
    label: str = ""
    personal: bool = False


@cache
def yes_no_words() -> dict[str, Title]:
    """Yes and no by their value."""
    return {
        value: Title.model_validate(words)
        for value, words in tomllib.loads((_FOLDER / "words.toml").read_text("utf-8")).items()
    }


@cache
def regions() -> tuple[Texts, ...]:
    """The regions where an office may be looked for."""
    read = tomllib.loads((_FOLDER / "regions.toml").read_text("utf-8"))
    return tuple(Title.model_validate(names) for names in read["regions"])


def offers(question: Question, filled: Filled, telling: Telling, idcs: str) -> tuple[Offer, ...]:
    """What can be chosen now; nothing where the answer is typed. Raises RegistryError.

    `idcs` is empty where nobody is verified.
    """
    language = telling.language
    if question.type == "choice":
        return tuple(Offer(c.value, c.text.in_language(language)) for c in question.choices)
    if question.type == "yes_no":
        words = yes_no_words().items()
        return tuple(Offer(value, title.in_language(language)) for value, title in words)
    if question.type == "members":
        return _members(filled, telling, idcs)
    if question.type == "application":
        return _applications(telling, idcs)
    if question.type == "appointment":
        return _appointments(filled, telling, idcs)
    return ()


def _members(filled: Filled, telling: Telling, idcs: str) -> tuple[Offer, ...]:
    picked = {part.partition(BETWEEN)[0] for part in filled.picked}
    members = telling.services.registry.members(idcs, telling.language)
    return tuple(
        Offer(member.idcs, member.given_name, member.given_name, True)
        for member in members
        if member.idcs not in picked
    )


def _applications(telling: Telling, idcs: str) -> tuple[Offer, ...]:
    found = telling.services.registry.applications(idcs, telling.language)[:_MOST]
    return tuple(
        Offer(one.reference, f"{telling.programme_name(one.programme)} {day}", "", True)
        for one in found
        for day in (format_date(one.given_on, telling.language),)
    )


def _appointments(filled: Filled, telling: Telling, idcs: str) -> tuple[Offer, ...]:
    """The slots of an office; before it is known, the offices of a place; before that, regions."""
    registry, language = telling.services.registry, telling.language
    if idcs:
        office = registry.home_office(idcs, language)
        return _slots(telling, office.code, office.name) if office else ()
    if len(filled.picked) > 1:
        code, _, name = filled.picked[1].partition(BETWEEN)
        return _slots(telling, code, name)
    place = named_place(filled)
    if not place:
        names = (region.in_language(language) for region in regions())
        return tuple(Offer(name, name) for name in names)
    return tuple(
        Offer(o.code, office_name(o), o.name, True) for o in registry.offices(place, language)
    )


def named_place(filled: Filled) -> str:
    """The place where an office is looked for, or nothing yet."""
    if filled.picked:
        return "" if filled.picked[0] == ANYWHERE else filled.picked[0]
    return filled.answers.get("commune", "")


def office_name(office: Office) -> str:
    """An office as one of a list: its name, and where it is unless the name says so."""
    return office.name if office.commune in office.name else f"{office.name}, {office.commune}"


def _slots(telling: Telling, code: str, name: str) -> tuple[Offer, ...]:
    return tuple(
        Offer(slot.code, begins, f"{begins} {name}", True)
        for slot in telling.services.registry.slots(code)
        for begins in (format_moment(slot.begins, telling.language),)
    )
