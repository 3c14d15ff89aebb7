"""Complaints, contact changes and the population register: the same form over other files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from core.references import read_reference
from tests.dialogue.applications.applicant import CITIZEN, payload
from tests.dialogue.talk import Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


def test_a_problem_is_reported_and_gets_a_reference(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("ASD refused five days ago")
    telling = talk(ChannelKind.USSD, citizen["phone"])
    telling.choose("utter_menu", "/report_problem")
    telling.verify(citizen)
    telling.say("3")
    telling.say("1")
    telling.choose("utter_application_question", payload("skip"))
    telling.choose("utter_application_send", payload("send"))
    telling.choose("utter_procedure_consent", payload("yes"))

    assert read_reference(telling.hears)
    assert telling.heard("utter_procedure_next")


def test_a_new_phone_number_is_taken_here_and_the_family_is_told_where_to_go(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen(CITIZEN)
    telling = talk(ChannelKind.USSD, citizen["phone"])
    telling.choose("utter_menu", "/update_information")
    telling.choose("utter_update_what", "/family_changed")

    assert telling.heard("utter_update_family")

    telling.say("00")
    telling.choose("utter_menu", "/update_information")
    telling.choose("utter_update_what", "/change_contact")
    telling.verify(citizen)
    telling.say("1")
    telling.say("0698765432")
    telling.choose("utter_application_send", payload("send"))
    telling.choose("utter_procedure_consent", payload("yes"))

    assert telling.heard("utter_contact_next")


def test_an_address_is_words_and_goes_on_in_a_chat(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Index above both limits")
    calling = talk(ChannelKind.USSD, citizen["phone"])
    calling.choose("utter_menu", "/update_information")
    calling.choose("utter_update_what", "/change_contact")
    calling.verify(citizen)
    calling.say("2")

    assert calling.heard("utter_application_letters")

    writing = talk(ChannelKind.SMS, citizen["phone"])
    writing.choose("utter_menu", "/update_information")
    writing.choose("utter_update_what", "/change_contact")
    writing.verify(citizen)
    writing.choose("utter_application_resume", payload("go_on"))
    writing.say("12 rue des Orangers, Salé")

    assert "Orangers" in writing.hears


def test_nobody_is_known_yet_to_the_population_register_and_consent_is_enough(
    talk: Begin,
) -> None:
    asking = talk(ChannelKind.USSD)
    asking.choose("utter_menu", "/apply")
    asking.pick("RNP")
    asking.consent()

    assert not asking.heard("utter_ask_idcs")

    asking.say("1")
    asking.say("05111980")
    asking.say("1")
    asking.choose("utter_application_question", payload("skip"))

    assert asking.offers("utter_application_question", payload("skip"))
