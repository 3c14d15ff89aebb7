"""What became of my request? By its reference, or as the verified citizen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from core.references import new_reference
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


def told_one(asking: Talk) -> Talk:
    """The first request, where there are several to choose from."""
    if asking.heard("utter_choose_application"):
        asking.say("1")
    return asking


SEVERAL = "Applied for ASD three days ago"
REFUSED = "ASD refused five days ago"
MISSING = "Documents are missing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_told_with_its_reason_and_the_last_day_to_contest(
    house: RunningHouse, talk: Begin, language: str
) -> None:
    citizen = house.citizen(REFUSED)
    asking = talk(ChannelKind.USSD, citizen["phone"], language)
    asking.choose("utter_menu", "/track_application")
    asking.verify(citizen)
    told_one(asking)

    assert asking.heard("utter_application_refused")
    assert asking.heard("utter_refused_other_allowance")
    assert asking.heard("utter_appeal_by")
    assert asking.offers("utter_appeal_by", "/report_problem")


@pytest.mark.parametrize("kind", KINDS)
def test_several_requests_are_a_menu_and_each_is_told(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    citizen = house.citizen(SEVERAL)
    asking = talk(kind, citizen["phone"])
    asking.choose("utter_menu", "/track_application")
    asking.verify(citizen)
    assert asking.heard("utter_choose_application")

    asking.say("1")

    assert asking.heard("utter_application_received") or asking.heard("utter_application_in_review")
    assert asking.heard("utter_application_reference")


def test_whoever_has_the_reference_reads_the_state_alone(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen(REFUSED)
    theirs = talk(ChannelKind.WHATSAPP, citizen["phone"])
    theirs.choose("utter_menu", "/track_application")
    theirs.verify(citizen)
    told_one(theirs)
    found = re.search(r"\b[789]\d{3} \d{4} \d{4}\b", theirs.hears)
    assert found, theirs.hears

    neighbour = talk(ChannelKind.USSD)
    neighbour.say(found.group())

    assert neighbour.heard("utter_application_refused")
    assert not neighbour.heard("utter_refused_other_allowance")
    assert neighbour.offers("utter_follow_details", "/follow_details")


def test_a_reference_typed_wrong_is_noticed(talk: Begin) -> None:
    reference = new_reference()
    asking = talk(ChannelKind.SMS)
    asking.say(f"wach {reference[:-1]}{(int(reference[-1]) + 1) % 10}")

    assert asking.heard("utter_reference_faulty")

    asking.say(reference)
    assert asking.heard("utter_reference_unknown")


def test_missing_papers_are_told(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen(MISSING)
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/track_application")
    asking.verify(citizen)
    told_one(asking)

    assert asking.heard("utter_application_documents_missing")
    assert asking.heard("utter_application_bring")


def test_a_refused_consent_shows_no_request(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.choose("utter_menu", "/track_application")
    asking.choose("utter_ask_consent", "/deny")

    assert asking.heard("utter_consent_refused")


def test_another_service_in_between_is_told_once_verified(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen(REFUSED)
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    asking.say("où en est ma demande d'aide ?")
    assert asking.heard("utter_ask_idcs")

    asking.verify(citizen)
    told_one(asking)

    assert asking.heard("utter_application_refused")


def test_while_the_register_is_away_the_citizen_tries_again(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen(REFUSED)
    asking = talk(ChannelKind.USSD, citizen["phone"])
    asking.choose("utter_menu", "/check_registration")
    asking.verify(citizen)
    asking.say("00")
    with house.stalled("registry"):
        asking.choose("utter_menu", "/track_application")
        assert asking.heard("utter_registry_unavailable")

    asking.choose("utter_registry_unavailable", "/try_again")

    assert told_one(asking).heard("utter_application_refused")
