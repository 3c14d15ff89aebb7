"""The USSD menu from its root, by digits alone: every leaf, and its map.

As a rule in French and in one more language, drawn by a seed, since a crawl takes minutes; with
`TWIZA_EVERY_PATH=whole` (`bin/check --full`) in all four.
"""

from __future__ import annotations

import pytest

from tests.dialogue.crawler import Menu
from tests.dialogue.every_path import Codes
from tests.dialogue.menu_map import MAP, crawl_all, drawn, outline
from tests.dialogue.talk import LANGUAGES
from tests.dialogue.test_every_path import IS_WHOLE, SEED
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

# A call lasts 180 seconds, page turns count: twelve seconds for a screen.
MOST_HOPS = 15

Menus = dict[str, Menu]
OTHERS = [language for language in LANGUAGES if language != "fr"]
CRAWLED = LANGUAGES if IS_WHOLE else ("fr", OTHERS[SEED % len(OTHERS)])


@pytest.fixture(scope="module")
def crawled(house: RunningHouse) -> tuple[Menus, Menus]:
    """What somebody nobody knows reaches, and what a verified citizen does."""
    house.advance_registry_clock(15 * 60 + 1)
    codes = Codes(house)
    return crawl_all(house, codes, False, CRAWLED), crawl_all(house, codes, True, CRAWLED)


@pytest.mark.parametrize("language", CRAWLED)
def test_every_choice_leads_to_a_screen_that_is_right_and_leads_on(
    crawled: tuple[Menus, Menus], language: str
) -> None:
    wrong = [
        (place.payload, fault)
        for menus in crawled
        for place in menus[language].places.values()
        for fault in place.wrong
    ]

    assert [] == wrong


@pytest.mark.parametrize("language", CRAWLED)
def test_the_menu_offers_the_same_in_every_language(
    crawled: tuple[Menus, Menus], language: str
) -> None:
    unknown, verified = crawled

    assert unknown["fr"].shape() == unknown[language].shape()
    assert verified["fr"].shape() == verified[language].shape()


@pytest.mark.parametrize("language", CRAWLED)
def test_every_leaf_is_reached_within_one_call(crawled: tuple[Menus, Menus], language: str) -> None:
    far = {one.payload: one.hops for one in crawled[1][language].places.values()}

    assert {} == {payload: hops for payload, hops in far.items() if hops > MOST_HOPS}


def test_the_map_is_up_to_date(crawled: tuple[Menus, Menus]) -> None:
    found = drawn(*crawled)

    # The table counts all four languages; the tree is the same in each.
    assert outline(found) == outline(MAP.read_text(encoding="utf-8")), "run bin/menu-map"
