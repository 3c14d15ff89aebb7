"""Where do I go? The centre of the home address, a region, a commune, or near where one stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from core.messages import ChannelKind
from core.stores import open_redis
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


@pytest.mark.parametrize("kind", KINDS)
def test_the_centre_of_the_home_address_is_told(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    citizen = house.citizen("Index below both limits")
    asking = talk(kind, citizen["phone"])
    asking.choose("utter_menu", "/find_office")
    asking.choose("utter_office_ways", "/home_office")
    asking.verify(citizen)

    assert asking.heard("utter_office_home")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_offices_of_a_region_are_listed_by_digits_alone(talk: Begin, language: str) -> None:
    asking = talk(ChannelKind.USSD, language=language)
    asking.choose("utter_menu", "/find_office")
    asking.choose("utter_office_ways", "/choose_region")
    assert asking.heard("utter_ask_region")

    asking.say("6")

    # A list of many pages ends in an SMS.
    assert asking.heard("utter_office_closing") or asking.heard("door_rest_by_sms")


def test_a_commune_is_written_and_a_name_nobody_knows_is_asked_again(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.choose("utter_menu", "/find_office")
    asking.choose("utter_office_ways", "/choose_commune")
    asking.say("Atlantis sur mer")
    assert asking.heard("utter_office_none")
    assert asking.heard("utter_ask_commune")

    asking.say("Casablanca")

    assert asking.heard("utter_office_closing")


def test_the_search_for_a_commune_can_be_left(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.choose("utter_menu", "/find_office")
    asking.choose("utter_office_ways", "/choose_commune")
    asking.say("00")

    assert asking.heard("utter_menu")


def test_a_shared_place_finds_the_nearest_offices(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.share(33.5731, -7.5898)

    assert "Casablanca" in asking.hears
    assert asking.heard("utter_office_closing")


def test_without_consent_the_centre_of_the_address_is_not_told(talk: Begin) -> None:
    asking = talk(ChannelKind.USSD)
    asking.choose("utter_menu", "/find_office")
    asking.choose("utter_office_ways", "/home_office")
    asking.choose("utter_ask_consent", "/deny")

    assert asking.heard("utter_consent_refused")


def test_help_in_between_comes_back_to_the_question(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.choose("utter_menu", "/find_office")
    asking.choose("utter_office_ways", "/home_office")
    asking.consent()
    asking.say("aide")

    assert asking.heard("utter_ask_idcs")


def region_3(talk: Begin) -> Talk:
    """Somebody who asks for the offices of a region."""
    asking = talk(ChannelKind.USSD)
    asking.choose("utter_menu", "/find_office")
    asking.choose("utter_office_ways", "/choose_region")
    asking.say("3")
    return asking


def forget_offices(house: RunningHouse) -> None:
    """Whoever asked before in this house has made offices known, for days."""
    with closing(open_redis(house.redis_url())) as store:
        for key in store.scan_iter("kept:offices:*"):
            store.delete(key)


def test_while_the_register_is_away_no_office_is_made_up_and_known_ones_are_told(
    house: RunningHouse, talk: Begin
) -> None:
    forget_offices(house)
    with house.stalled("registry"):
        asked = region_3(talk)
        assert asked.heard("utter_registry_unavailable"), asked.hears
    asked = region_3(talk)
    assert asked.heard("utter_office_closing"), asked.hears

    with house.stalled("registry"):
        asked = region_3(talk)
        assert asked.heard("utter_office_closing"), asked.hears
