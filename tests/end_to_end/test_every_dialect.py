"""The whole service answers through every gateway that it has a dialect for."""

from __future__ import annotations

from itertools import count

import pytest

from channels.providers.ussd.dialect import FOLDER, load_dialect
from sandbox.phone.client import Handset
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import flat, said

pytestmark = pytest.mark.e2e
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
_NUMBERS = count(10)


def a_handset(house: RunningHouse, dialect: str, number: str = "") -> Handset:
    """A phone behind the gateway of a dialect; nobody has called from it, unless it is named."""
    spoken = {one["dialect"]: one for one in house.run["channels"].values() if one.get("dialect")}
    return Handset(spoken[dialect], number or f"+2126612{next(_NUMBERS):05d}")


@pytest.mark.parametrize("dialect", NAMES)
def test_a_call_is_led_from_the_language_to_the_consent(house: RunningHouse, dialect: str) -> None:
    handset = a_handset(house, dialect)
    languages = handset.dial()
    menu = handset.press("4")
    consent = handset.press("1")
    again = handset.repeat()

    assert [200, 200, 200, 200] == [one.status for one in (languages, menu, consent, again)]
    assert "4 Français" in languages.text
    assert said("fr", "utter_menu", "ussd") in flat(menu.text)
    assert said("fr", "utter_ask_consent", "ussd").split(" ")[0] in consent.text
    assert consent.text == again.text
    assert again.open


@pytest.mark.parametrize("dialect", NAMES)
def test_what_is_dialled_behind_the_code_leads_there_once_a_language_is_chosen(
    house: RunningHouse, dialect: str
) -> None:
    handset = a_handset(house, dialect)
    languages = handset.dial("*555*1#")
    deep = handset.press("4")
    says_so = load_dialect(dialect).input.first != "nothing"

    assert "4 Français" in languages.text
    assert says_so == (said("fr", "utter_ask_consent", "ussd").split(" ")[0] in deep.text)


def test_who_leaves_and_calls_again_through_another_gateway_goes_on_in_their_language(
    house: RunningHouse,
) -> None:
    first = a_handset(house, "hubtel")
    first.dial()
    first.press("4")
    first.cancel()
    other = a_handset(house, "mtech", first.number)

    assert said("fr", "utter_menu", "ussd") in flat(other.dial().text)
