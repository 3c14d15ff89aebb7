"""What was begun survives a dropped call, another channel, a restart and a silent register."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.applications.applicant import Applicant, payload
from tests.dialogue.talk import Talk
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import door_said

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


def test_it_is_begun_on_ussd_and_ended_on_whatsapp(
    applicant: Callable[..., Applicant],
) -> None:
    filling = applicant(ChannelKind.USSD, summary="Index above both limits").begin()
    filling.answer("children", "2").answer("heating", "1")

    assert filling.asked("stove")

    chat = applicant(ChannelKind.WHATSAPP, summary="Index above both limits").begin(afresh=False)

    assert chat.talk.offers("utter_application_resume", payload("go_on"))

    chat.talk.choose("utter_application_resume", payload("go_on"))

    assert chat.asked("stove")

    chat.answer("stove", "oui").answer("cold_since", "3/11/2026", "1")
    chat.talk.choose("utter_application_question", payload("done"))
    chat.answer("words", "il fait très froid chez nous").answer("phone", "06 12 34 56 78")

    assert "froid chez nous" in chat.talk.hears
    assert chat.send()


def test_a_dropped_call_goes_on_where_it_was(applicant: Callable[..., Applicant]) -> None:
    filling = applicant(ChannelKind.USSD, summary="Index between the limits").begin()
    filling.answer("children", "4")
    filling.talk.redial()

    assert door_said(filling.talk.language, "door_redial", "ussd") in filling.talk.hears

    filling.talk.say("1")

    assert not filling.asked("heating")

    filling.talk.verify(filling.citizen)

    assert filling.asked("heating")


def test_a_dropped_call_that_starts_again_finds_what_was_begun(
    applicant: Callable[..., Applicant],
) -> None:
    filling = applicant(ChannelKind.USSD, summary="Index between the limits").begin()
    filling.answer("children", "4")
    filling.talk.redial()
    filling.talk.say("2")

    assert filling.talk.heard("utter_menu")

    filling.begin(afresh=False)

    assert filling.talk.offers("utter_application_resume", payload("go_on"))

    filling.talk.choose("utter_application_resume", payload("go_on"))

    assert filling.asked("heating")


def test_a_restart_of_every_process_in_the_middle_loses_nothing(
    house: RunningHouse, applicant: Callable[..., Applicant]
) -> None:
    filling = applicant(ChannelKind.WHATSAPP, summary="Household registered, no index yet").begin()
    filling.answer("children", "3")
    for name in ("door", "engine", "actions", "redis"):
        house.kill(name)
    for name in ("redis", "actions", "engine", "door"):
        house.wait_until_healthy(name)
    filling.talk.say("00")
    filling.talk.say("salam")
    filling.begin(afresh=False)

    assert filling.talk.offers("utter_application_resume", payload("go_on"))

    filling.talk.choose("utter_application_resume", payload("go_on"))

    assert filling.asked("heating")


def test_while_the_register_is_away_members_are_asked_later_and_nothing_is_lost(
    house: RunningHouse, applicant: Callable[..., Applicant]
) -> None:
    filling = applicant(ChannelKind.USSD).begin()
    for answer in ("0", "3"):
        filling.talk.say(answer)
    with house.stalled("registry"):
        filling.talk.say("03112026")
        assert filling.talk.heard("utter_registry_unavailable")

    filling.talk.choose("utter_registry_unavailable", "/try_again")

    assert filling.asked("who")


def test_what_was_begun_is_found_by_asking_for_it(applicant: Callable[..., Applicant]) -> None:
    filling = applicant(ChannelKind.WHATSAPP, summary="Index above both limits").begin()
    filling.answer("children", "1")
    filling.talk.say("00")
    filling.talk.say("je veux finir ma demande inachevée")
    if not filling.talk.heard("utter_application_resume"):
        filling.talk.verify(filling.citizen)

    assert filling.talk.heard("utter_application_resume"), filling.talk.hears
