"""Two people on one number."""

from __future__ import annotations

import pytest

from tests.end_to_end.callers import at_the_identifier, at_the_menu, day_first, dial_afresh
from tests.end_to_end.running_house import RunningHouse, wait_for
from tests.end_to_end.words import flat, read_pages, said

pytestmark = pytest.mark.e2e


def test_each_of_two_people_on_one_number_sees_their_own_file(house: RunningHouse) -> None:
    hassan = house.citizen("shares a phone with Zineb")
    zineb = house.citizen("shares a phone with Hassan")
    shown = []
    for person in (hassan, zineb):
        handset = at_the_identifier(house.handset(person["phone"]), "fr")
        handset.press(person["idcs"])
        read_pages(handset)
        handset.press(day_first(person["birth_date"]))
        shown.append(read_pages(handset))

    assert said("fr", "utter_rsu_awaiting_visit", "ussd") in shown[0]
    assert said("fr", "utter_rsu_registered", "ussd") in shown[1]
    assert said("fr", "utter_rsu_awaiting_visit", "ussd") not in shown[1]


def test_a_new_call_asks_who_is_calling(house: RunningHouse) -> None:
    hassan = house.citizen("shares a phone with Zineb")
    handset = at_the_identifier(house.handset(hassan["phone"]), "fr")
    handset.press(hassan["idcs"])
    handset.press(day_first(hassan["birth_date"]))
    assert said("fr", "utter_rsu_awaiting_visit", "ussd") in read_pages(handset)

    at_the_menu(handset, "fr").press("1")

    assert said("fr", "utter_ask_idcs", "ussd") in flat(handset.screen.text)


def test_a_chat_that_is_opened_anew_asks_again_who_is_asking(house: RunningHouse) -> None:
    citizen = house.citizen("receives ASD, AMO-Tadamon suspended")
    before = len(house.inbox(citizen["phone"]))
    chat = house.chat("whatsapp", citizen["phone"])
    chat.say("salam")
    if "Français" in " ".join(chat.hears):
        chat.say("4")
    chat.say("1")
    if said("fr", "utter_ask_consent", "whatsapp") in flat(" ".join(chat.hears)):
        chat.say("1")
    chat.say(citizen["idcs"])
    chat.say(day_first(citizen["birth_date"], "/"))
    chat.say(house.code_after(citizen["phone"], before))
    assert said("fr", "utter_rnp_registered", "whatsapp") in flat(" ".join(chat.hears))

    chat.say("salam")
    chat.say("je suis inscrit au rsu ?")

    assert said("fr", "utter_ask_idcs", "whatsapp") in flat(" ".join(chat.hears))


def test_a_call_left_in_the_middle_of_a_fault_gives_nothing_to_the_next_caller(
    house: RunningHouse, stranger: str
) -> None:
    first = at_the_identifier(house.handset(stranger), "fr")
    with house.stalled("engine"):
        first.press("2345678906")
        first.cancel()

    second = house.handset(stranger)
    wait_for("an open engine", lambda: dial_afresh(second).screen.open)

    assert said("fr", "utter_menu", "ussd") in flat(second.screen.text)
