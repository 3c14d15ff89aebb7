"""Every text fits the screens it is shown on, in every language, with the widest values.

The bounds: a text takes at most two USSD pages with its navigation, so that a question is read and
answered without losing the thread; the line of an answer that carries a figure takes one; a word
never exceeds a page; an SMS takes at most four segments. A remark of the door that is made in every
language at once, since none is known yet, may take a page for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from channels.providers.ussd.dialect import FOLDER, load_dialect
from channels.rendering.gsm7 import Encoding, measure, segments
from channels.rendering.menus import number_choices
from channels.rendering.pages import Budget, Navigation, Page, cut, single
from channels.rendering.screens import phone_text
from core.messages import Button, ChannelKind
from locales import compile as catalogs
from locales import extract
from locales.catalogs import Catalogs
from locales.languages import languages
from locales.po import read_catalog

BUDGET = Budget()
# The smallest screen that a gateway of ours gives.
SMALLEST = Budget(120, 60)
PAGES = 2
SMS_SEGMENTS = 4
CODES = list(languages())
# The widest values the registers give: short names of programmes, indices with all their decimals.
WIDEST = {
    "count": "18",
    "value": "10,2373160",
    "date": "05/11/2026",
    "threshold": "9,3264284",
    "left": "2",
    "minutes": "30",
}
PROGRAMMES = {
    "ar": "الدعم المباشر",
    "ary": "الدعم المباشر",
    "fr": "AMO-Tadamon",
    "zgh": "AMO-Tadamon",
}


# The door's remarks, which may be made before a language is known.
REMARKS = ("door_wrong_choice", "door_empty", "door_too_long", "door_media")
# What the door says on a screen of its own, with the choices below it.
ALONE = {
    **dict.fromkeys(("door_out_of_service", "door_kept", "door_not_taken"), ()),
    **dict.fromkeys(("door_call_ends", "door_call_over", "door_overloaded"), ()),
    **dict.fromkeys(("door_try_again", "door_still_working", "door_busy"), ("door_continue",)),
    "door_redial": ("door_continue", "door_start_again"),
}


class Widest(dict[str, str]):
    """The values of a text; what is not among the figures is as wide as a programme's name."""

    def __missing__(self, name: str) -> str:
        return WIDEST.get(name, self["programme"])


# Of these meanings an action offers two, and the way past them.
OFFERED_IN_PART = "utter_ask_meaning"


@dataclass(frozen=True)
class Shown:
    """One response as a citizen reads it on one medium in one language."""

    key: str
    text: str
    buttons: tuple[str, ...]
    expects: str


def responses(code: str, channel: str) -> Iterator[Shown]:
    """Every response in the variant of a channel, translated and filled with the widest values."""
    catalog = read_catalog(languages()[code].source)
    kind = ChannelKind(channel)

    def say(key: str, source: str) -> str:
        # A text of placeholders alone is in no catalog.
        message = catalog.get(source, key)
        text = str(message.string) if message else source
        return phone_text(text.format_map(Widest(programme=PROGRAMMES[code])), kind, code)

    for key, variants in _sources().items():
        own = [one for one in variants if one.get("channel") == channel]
        variant = (own or [one for one in variants if "channel" not in one])[0]
        titles = tuple(say(key, one["title"]) for one in variant.get("buttons", []))
        if key == OFFERED_IN_PART:
            titles = (*sorted(titles[:-1], key=lambda title: measure(title).units)[-2:], titles[-1])
        expects = variant.get("custom", {}).get("expects", "nothing")
        yield Shown(key, say(key, variant["text"]), titles, expects)


def _sources() -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for path in sorted(extract.RESPONSES.glob("*.yml")):
        texts |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return texts


@pytest.fixture(scope="module")
def door() -> Catalogs:
    catalogs.main()
    return Catalogs.load()


def navigation(door: Catalogs, code: str) -> Navigation:
    words = (
        phone_text(door.say(code, key), ChannelKind.USSD, code)
        for key in ("door_more", "door_back", "door_home")
    )
    return Navigation(*words)


def on_ussd(shown: Shown, door: Catalogs, code: str) -> tuple[Page, ...]:
    choices = number_choices([Button(title, "/x") for title in shown.buttons])
    return cut([shown.text], choices, BUDGET, navigation(door, code), back=True, home=True)


@pytest.mark.parametrize("code", CODES)
def test_a_text_with_its_choices_takes_at_most_two_ussd_pages(code: str, door: Catalogs) -> None:
    pages = {one.key: len(on_ussd(one, door, code)) for one in responses(code, "ussd")}

    assert {} == {key: count for key, count in pages.items() if count > PAGES}


@pytest.mark.parametrize("code", CODES)
def test_what_was_meant_is_chosen_on_the_first_ussd_page(code: str, door: Catalogs) -> None:
    (asked,) = [one for one in responses(code, "ussd") if one.key == OFFERED_IN_PART]
    first = on_ussd(asked, door, code)[0]

    assert len(first.choices) >= 2, first


@pytest.mark.parametrize("code", CODES)
def test_a_line_that_carries_a_figure_takes_one_ussd_page(code: str, door: Catalogs) -> None:
    for one in responses(code, "ussd"):
        if any(figure in one.text for figure in WIDEST.values() if len(figure) > 1):
            assert 1 == len(on_ussd(one, door, code)), one


@pytest.mark.parametrize("code", CODES)
def test_no_word_is_longer_than_a_ussd_page(code: str) -> None:
    for one in responses(code, "ussd"):
        for word in " ".join([one.text, *one.buttons]).split():
            assert BUDGET.holds(word), (one.key, word)


@pytest.mark.parametrize("code", CODES)
def test_an_sms_takes_at_most_four_segments(code: str) -> None:
    long = {}
    for one in responses(code, "sms"):
        choices = number_choices([Button(title, "/x") for title in one.buttons])
        long[one.key] = segments(single([one.text], choices).text)

    assert {} == {key: count for key, count in long.items() if count > SMS_SEGMENTS}


@pytest.mark.parametrize("channel", ["ussd", "sms"])
@pytest.mark.parametrize("code", ["fr", "zgh"])
def test_french_and_amazigh_are_all_written_in_gsm7(code: str, channel: str) -> None:
    for one in responses(code, channel):
        # The language menu shows Arabic names by intent.
        if one.key != "utter_ask_language":
            text = "\n".join([one.text, *one.buttons])
            assert Encoding.GSM7 == measure(text).encoding, (one.key, text)


@pytest.mark.parametrize("code", CODES)
def test_the_doors_sentences_take_two_ussd_pages(code: str, door: Catalogs) -> None:
    for key in _door_keys():
        # On messages these stand in for the one of that name that USSD says.
        if not key.endswith("_message"):
            assert len(_pages(door, code, key)) <= PAGES, key


def test_a_remark_in_every_language_at_once_takes_a_page_for_each(door: Catalogs) -> None:
    for key in REMARKS:
        assert len(_pages(door, "", key)) <= len(CODES), key


def _pages(door: Catalogs, code: str, key: str) -> tuple[Page, ...]:
    text = phone_text(door.say(code, key), ChannelKind.USSD, code)
    return cut([text], [], BUDGET, navigation(door, code or "ar"), back=False, home=False)


@pytest.mark.parametrize("code", CODES)
def test_what_stands_for_a_screen_takes_one_page_with_its_way_on(code: str, door: Catalogs) -> None:
    for key, choices in ALONE.items():
        lines = [door.say(code, key)]
        lines += [f"{n} {door.say(code, choice)}" for n, choice in enumerate(choices, 1)]
        text = phone_text("\n".join(lines), ChannelKind.USSD, code)

        assert SMALLEST.holds(text), (key, text)


def test_no_gateway_gives_less_than_the_smallest_screen() -> None:
    limits = [load_dialect(path.stem).limits for path in FOLDER.glob("*.toml")]

    assert all(one.gsm7 >= SMALLEST.gsm7 and one.ucs2 >= SMALLEST.ucs2 for one in limits)


def test_that_the_service_is_down_is_said_on_one_page_in_every_language(door: Catalogs) -> None:
    assert SMALLEST.holds(phone_text(door.say("", "door_down"), ChannelKind.USSD, ""))


def test_a_sentence_of_the_door_takes_at_most_two_sms_segments(door: Catalogs) -> None:
    for code in CODES:
        for key in _door_keys():
            text = phone_text(door.say(code, key), ChannelKind.SMS, code)
            assert segments(text) <= 2, (key, text)


def _door_keys() -> list[str]:
    return list(yaml.safe_load(extract.WORDS.read_text(encoding="utf-8")))


def test_the_language_menu_is_one_ussd_page(door: Catalogs) -> None:
    (menu,) = [one for one in responses("ar", "ussd") if one.key == "utter_ask_language"]
    choices = number_choices([Button(title, "/x") for title in menu.buttons])
    pages = cut([menu.text], choices, BUDGET, navigation(door, "ar"), back=False, home=False)

    assert 1 == len(pages)
    assert "3 tamazight" in pages[0].text
