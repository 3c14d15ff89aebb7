"""The session that is measured: what is pressed at each hop, and what the screen must then say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.constant import CONSTANT
from benchmarks.people import Person
from benchmarks.words import flat, number_of, said, titles
from locales.formats import format_index

_LANGUAGE_KEY: Final = "4"


class WrongAnswer(Exception):
    """A turn was not answered with what it must show."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop: the keys pressed ("" dials) and texts that must all stand on its screen.

    They are looked for on the last `screens` screens together, without their navigation.
    """

    keys: str
    marks: tuple[str, ...]
    screens: int = 1


def first_session() -> list[Hop]:
    """The call before the measured ones: the language is chosen and consent is given."""
    return [
        Hop("", (_said("utter_ask_language"),)),
        Hop(_LANGUAGE_KEY, (_said("utter_menu"),)),
        Hop(_status(), (_said("utter_ask_consent"),)),
        Hop("1", (_said("utter_ask_idcs"),)),
        # Nothing is left open, so the next call begins at the menu.
        Hop("00", (_said("utter_menu"),)),
    ]


def session(person: Person) -> list[Hop]:
    """More, home, the registration with its three pages, home, more: ten hops.

    Eight of them are turns of the dialogue, two turn a page.
    """
    menu = (_said("utter_menu"), *titles("utter_menu"))
    more, more_services = number_of("utter_menu", "/more"), titles("utter_more")
    whole_answer = (
        _said("utter_rnp_registered"),
        _said("utter_rsu_index_ready"),
        format_index(person.index, "fr"),
        _said("utter_no_promise"),
    )
    return [
        Hop("", menu),
        Hop(more, tuple(more_services)),
        Hop("00", menu),
        Hop(_status(), (_said("utter_ask_idcs"),)),
        Hop(person.idcs, (_said("utter_ask_birth_date"),)),
        Hop(f"{person.birth_date:%d%m%Y}", (_said("utter_rnp_registered"),)),
        Hop("98", whole_answer[:3], screens=2),
        Hop("98", whole_answer, screens=3),
        Hop("00", menu),
        Hop(more, tuple(more_services)),
    ]


def constant_session(person: Person) -> list[Hop]:
    """The same keys, answered by the constant screen every time."""
    return [Hop(hop.keys, (CONSTANT,)) for hop in session(person)]


def screens_text(screens: list[str]) -> str:
    """What successive screens say together, on one line, without their navigation."""
    lines = [line for screen in screens for line in screen.splitlines()]
    return flat(" ".join(line for line in lines if not line.startswith(("98 ", "0 ", "00 "))))


def _status() -> str:
    return number_of("utter_menu", "/check_registration")


def _said(key: str) -> str:
    return flat(said(key))
