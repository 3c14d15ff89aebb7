"""Every path of every topic, in four languages on USSD, SMS and WhatsApp, over real processes.

The paths are data (tests/dialogue/paths). Each is walked in every language, on another channel in
each, so that the paths of a topic meet all twelve; `TWIZA_EVERY_PATH=whole` walks each of them on
all twelve (`bin/check --full`). Which channel comes first is drawn by a seed: another one is given
by `TWIZA_SEED`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
import yaml

from core.messages import ChannelKind
from tests.dialogue.conftest import KINDS
from tests.dialogue.every_path import (
    ANYBODY,
    KINDS_OF_PATH,
    Codes,
    Matter,
    Walker,
    Way,
    load_matters,
)
from tests.dialogue.stores import unwritable
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import ROOT
from tests.servers.stores import asked_for

MATTERS = load_matters()
IS_WHOLE = os.environ.get("TWIZA_EVERY_PATH") == "whole"
SEED = int(os.environ.get("TWIZA_SEED", "739943"))
# The engine is one process: more at once only wait for each other.
AT_ONCE = 4
PLACES = [(language, kind) for kind in KINDS for language in LANGUAGES]

Make = Callable[[Matter, str, ChannelKind], Walker]


@pytest.mark.parametrize("name", MATTERS)
def test_a_topic_has_every_kind_of_path_or_says_why_not(name: str) -> None:
    matter = MATTERS[name]
    kinds = {way.kind for way in matter.ways}

    assert set(KINDS_OF_PATH) == kinds | set(matter.missing)
    assert not kinds & set(matter.missing)


def test_every_service_of_the_menu_has_a_path() -> None:
    steps = [step for matter in MATTERS.values() for way in matter.ways for step in way.steps]
    chosen = {step["choose"] for step in steps if "choose" in step}

    assert set() == set(_menu()) - chosen


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house of these walks alone: they move people to other numbers and hand things in.

    Choices are numbered lines there on WhatsApp too: it is the paths that are walked, and thousands
    of answers by the worker would take their time. Whatever is asked is asked of the registry, so
    that it shows when that is away.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWIZA_CHANNEL_WHATSAPP_BUTTONS", "false")
        patch.setenv("TWIZA_REGISTRY_FRESH_SECONDS", "0")
        folder = tmp_path_factory.mktemp("walked")
        with (
            asked_for(folder / "redis-server") as servers,
            RunningHouse.started(folder / "data", servers) as running,
        ):
            yield running


@pytest.fixture(scope="module")
def codes(house: RunningHouse) -> Codes:
    """Whose codes were sent, so that nobody asks for too many."""
    return Codes(house)


_NUMBERS = count(0)


@pytest.fixture
def make(house: RunningHouse, codes: Codes) -> Make:
    """Somebody new who walks; anybody's own person is another on each walk of a topic."""

    def walker(matter: Matter, language: str, kind: ChannelKind) -> Walker:
        place = PLACES.index((language, kind))
        person = _person(house, matter, place)
        talk = Talk(house, kind, f"+2126620{next(_NUMBERS):05d}", language).open()
        return Walker(codes, person, talk)

    return walker


@pytest.mark.e2e
@pytest.mark.parametrize("name", MATTERS)
def test_every_screen_of_a_path_is_right(make: Make, name: str) -> None:
    matter = MATTERS[name]

    def walk(place: tuple[str, ChannelKind]) -> Walker:
        walker = make(matter, *place)
        for way in _ways(matter, place):
            if way.kind != "fault":
                walker.walk(way)
        return walker

    here = [p for p in PLACES if any(way.kind != "fault" for way in _ways(matter, p))]
    walked = list(_at_once(walk, here))

    assert [] == [wrong for walker in walked for wrong in walker.wrong]
    assert walked and all(walker.screens for walker in walked)


@pytest.mark.e2e
@pytest.mark.parametrize("kind", [ChannelKind.USSD, ChannelKind.WHATSAPP])
def test_an_answer_that_is_promised_comes_and_is_waited_for(
    house: RunningHouse, stranger: str, kind: ChannelKind
) -> None:
    talk = Talk(house, kind, stranger, "ary").open()
    talk.pick_any("/report_problem")
    assert talk.heard("utter_ask_consent")
    with unwritable(house):
        talk.say("1", waits=False)
        assert talk.is_put_off, talk.hears

    talk.hear()

    assert talk.heard("utter_ask_idcs")


@pytest.mark.e2e
def test_every_topic_says_so_while_the_registry_is_away(house: RunningHouse, make: Make) -> None:
    begun: list[tuple[Walker, Way]] = []

    def begin(walk: tuple[Matter, tuple[str, ChannelKind]]) -> None:
        matter, place = walk
        for way in _ways(matter, place):
            if way.kind == "fault":
                walker = make(matter, *place)
                walker.walk(way)
                begun.append((walker, way))

    walks = [(matter, place) for matter in MATTERS.values() for place in PLACES]
    list(_at_once(begin, [one for one in walks if "fault" not in one[0].missing]))
    with house.stalled("registry"):
        list(_at_once(lambda one: one[0].walk_on(one[1]), begun))

    assert begun
    assert [] == [wrong for walker, _ in begun for wrong in walker.wrong]


def _ways(matter: Matter, place: tuple[str, ChannelKind]) -> Iterator[Way]:
    """The paths that are walked here: all, or every third, so that each language has each path."""
    language, kind = place
    for number, way in enumerate(matter.ways):
        turn = SEED + number + LANGUAGES.index(language)
        kinds = [one for one in KINDS if one.value in way.channels]
        if IS_WHOLE or kind is kinds[turn % len(kinds)]:
            yield way


def _at_once(do: Callable[[Any], Any], what: Iterable[Any]) -> Iterator[Any]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(do, what)


def _person(house: RunningHouse, matter: Matter, place: int) -> dict[str, Any]:
    if matter.citizen != ANYBODY:
        return house.citizen(matter.citizen)
    reachable = [one for one in house.run["citizens"] if one["phone"]]
    person: dict[str, Any] = reachable[place % len(reachable)]
    return person


def _menu() -> Iterator[str]:
    path = ROOT / "bot/domain/responses/session.yml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    for variant in (*said["utter_menu"], *said["utter_more"]):
        yield from (button["payload"] for button in variant["buttons"])
