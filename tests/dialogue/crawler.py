"""Walks the menu of the USSD service by digits alone, to every leaf, and draws it.

    crawl(call)                     as somebody nobody knows: stops where the identity is asked for
    crawl(call, verified_by=prove)  as a citizen who is verified whenever the identity is asked for

`call` gives a talk at the menu, from a number that was not used before.

A screen is known by what leads to it, the payload of a choice. A choice that led somewhere before
is told as a way back and is not followed again, so a loop ends. The questions of a form are leaves:
what is typed there is the citizen's.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from actions.applications.choices import regions
from actions.programmes import load_programmes
from tests.dialogue.lexicon import faults
from tests.dialogue.talk import Talk
from tests.end_to_end.words import buttons_on, door_said, flat, title

ROOT_PAYLOAD = "/home"
GATES = ("utter_ask_consent", "utter_ask_idcs")
_LINE = re.compile(r"^(\d+) (.+)$")
_NAVIGATION = ("0", "00", "98")
_PROGRAMME = re.compile(r'"programme":"(\w+)"')
# Agreeing cannot be undone for the other screens, and an erasure ends the call: they come last.
_LAST = ("/affirm", "/confirm_erasure")
_LANGUAGE = re.compile(r'/choose_language\{"language":"(\w+)"\}')

# A real call visits no more; a conversation that never ends grows slow.
_VISITS = 5

Prove = Callable[[Talk], None]


@dataclass
class Place:
    """A screen: how it is reached, what it offers, and what is wrong with it."""

    payload: str
    title: str
    hops: int
    way: tuple[str, ...]
    text: str = ""
    pages: int = 0
    choices: list[tuple[str, str]] = field(default_factory=list)  # payload, title; in their order
    is_gate: bool = False
    is_question: bool = False
    ends: bool = False
    wrong: list[str] = field(default_factory=list)


@dataclass
class Menu:
    """Every screen by what leads to it, in the order of their distance."""

    language: str
    places: dict[str, Place]

    def children(self, payload: str) -> Iterator[Place]:
        """The screens that are first reached from this one."""
        place = self.places[payload]
        for chosen, _ in place.choices:
            found = self.places.get(chosen)
            if found and found.way == (*place.way, chosen):
                yield found

    def leaves(self) -> list[Place]:
        """The screens behind which there is nothing new."""
        return [one for one in self.places.values() if not list(self.children(one.payload))]

    def shape(self) -> dict[str, list[str]]:
        """What every screen offers, which is the same in every language."""
        return {
            one.payload: [payload for payload, _ in one.choices] for one in self.places.values()
        }


def crawl(call: Callable[[], Talk], verified_by: Prove | None = None) -> Menu:
    """Every screen that digits reach from the menu."""
    talk = call()
    root = Place(ROOT_PAYLOAD, "", 1, ())
    places = {ROOT_PAYLOAD: root}
    waiting, last, visited = deque([root]), deque[Place](), 0
    while waiting or last:
        place = waiting.popleft() if waiting else last.popleft()
        if len(places) > 1 and visited % _VISITS == 0:
            talk = call()
        visited += 1
        _visit(talk, place, verified_by)
        for number, (payload, name) in enumerate(place.choices, 1):
            if payload not in places:
                hops = place.hops + 1 + _page_of(talk, number)
                places[payload] = Place(payload, name, hops, (*place.way, payload))
                (last if payload in _LAST else waiting).append(places[payload])
    return Menu(talk.language, places)


def _visit(talk: Talk, place: Place, verified_by: Prove | None) -> None:
    """Go to a screen from the menu, and note what it says and offers."""
    own = talk.language
    try:
        _to_the_menu(talk)
        remaining = list(place.way)
        while remaining:
            lines = _choices(talk, "")
            # A switch that was thrown before shows what lies behind it at once.
            step = next((one for one in remaining if one in dict(lines)), remaining[0])
            remaining = remaining[remaining.index(step) + 1 :]
            parent = place.way[: len(place.way) - len(remaining) - 1]
            _follow(talk, step, parent)
            if any(talk.heard(key) for key in GATES) and verified_by:
                place.is_gate = place.is_gate or not remaining
                verified_by(talk)
    except AssertionError as error:
        place.wrong.append(f"cannot be reached: {str(error)[:300]}")
    language = _LANGUAGE.fullmatch(place.payload)
    talk.language = language[1] if language else own
    _note(talk, place, verified_by is not None)
    talk.language = own


def _follow(talk: Talk, payload: str, way: tuple[str, ...]) -> None:
    context = way[-1] if way else ""
    offered = dict(_choices(talk, context))
    assert payload in offered, f"{payload} is not offered by {talk.hears[:200]}"
    talk.pick(offered[payload])


def _note(talk: Talk, place: Place, is_verified: bool) -> None:
    place.text, place.pages = talk.hears, len(talk.screens)
    place.ends = not talk.is_open
    if not is_verified:
        place.is_gate = any(talk.heard(key) for key in GATES)
    language = "" if talk.heard("utter_ask_language") else talk.language
    for screen in talk.screens:
        place.wrong += [f"{wrong}: {screen!r}" for wrong in faults(screen, talk.kind, language, ())]
    numbered = [line for page in talk.screens for line in page.splitlines() if _LINE.match(line)]
    if not numbered and not place.ends:
        place.wrong.append(f"a dead end: {talk.hears!r}")
    choices = _choices(talk, place.payload)
    place.is_question = not choices or any(not payload for payload, _ in choices)
    place.choices = [] if place.is_question or place.ends else choices


def _to_the_menu(talk: Talk) -> None:
    if talk.is_open:
        talk.say("00")
    if not talk.is_open or not talk.heard("utter_menu"):
        talk.open()


def _choices(talk: Talk, context: str) -> list[tuple[str, str]]:
    """The payload and title of every numbered line; no payload where it answers a form.

    What the door offers beside an answer, to send it as a message, leads nowhere.
    """
    found = []
    own = door_said(talk.language, "door_send_this", "ussd")
    for line in talk.lines:
        match = _LINE.match(flat(line))
        if match and match[1] not in _NAVIGATION and match[2] != own:
            found.append((_payload(talk, match[2], context), match[2]))
    return found


def _payload(talk: Talk, name: str, context: str) -> str:
    heard = [p for key, p in _by_title(talk.language).get(name, ()) if talk.heard(key)]
    if heard:
        # Short words may be those of several responses: the one about this programme is meant.
        about = [p for p in heard if "{programme_key}" in p and _PROGRAMME.search(context)]
        return _filled((about or heard)[0], context)
    programme = _by_name(talk, "programmes").get(name)
    if programme:
        return f'{context.partition("{")[0]}{{"programme":"{programme}"}}'
    region = _by_name(talk, "regions").get(name)
    if region and talk.heard("utter_ask_region"):
        return f'/office_region{{"region":"{region}"}}'
    return ""


@cache
def _by_title(language: str) -> dict[str, list[tuple[str, str]]]:
    """The responses and payloads behind each title of a USSD screen."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, payload in buttons_on("ussd"):
        # What answers a question of a form leads nowhere of its own.
        if not payload.startswith("/inform"):
            found.setdefault(title(language, key, payload, "ussd"), []).append((key, payload))
    return found


def _filled(payload: str, context: str) -> str:
    named = _PROGRAMME.search(context)
    return payload.replace("{programme_key}", named[1]) if named else payload


def _by_name(talk: Talk, what: str) -> dict[str, str]:
    return {talk.in_letters(name): key for name, key in _names(what, talk.language)}


@cache
def _names(what: str, language: str) -> tuple[tuple[str, str], ...]:
    if what == "regions":
        return tuple((one.in_language(language), one.in_language("fr")) for one in regions())
    return tuple((one.short_name(language), key) for key, one in load_programmes().items())


def _page_of(talk: Talk, number: int) -> int:
    """How many pages must be turned before a choice stands on the screen."""
    for turned, page in enumerate(talk.screens):
        if any(line.startswith(f"{number} ") for line in page.splitlines()):
            return turned
    return 0
