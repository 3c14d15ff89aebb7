"""A receipt that was lost on its way: whoever asks again has one request and hears of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from core.messages import ChannelKind
from core.references import read_reference
from tests.dialogue.applications.applicant import Applicant
from tests.dialogue.stores import pseudonyms, rows
from tests.dialogue.talk import Talk
from tests.end_to_end.running_house import RunningHouse, wait_for

pytestmark = pytest.mark.e2e

# Nobody else's here.
CITIZEN = "index more than a year old"


def test_who_lost_the_receipt_and_asks_again_hears_its_reference(
    house: RunningHouse, applicant: Callable[..., Applicant]
) -> None:
    asking = applicant(ChannelKind.USSD, summary=CITIZEN).begin().fill()
    asking.send_unheard()
    asking.talk.open()
    asking.begin(afresh=False)
    [(reference,)] = handed_in(house, asking)

    assert asking.talk.heard("utter_application_already"), asking.talk.hears
    assert reference == read_reference(asking.talk.hears)
    assert asking.talk.heard("utter_ask_follow")

    writing = applicant_of(house, asking, ChannelKind.WHATSAPP).begin(afresh=False)

    assert writing.talk.heard("utter_application_already"), writing.talk.hears
    assert reference == read_reference(writing.talk.hears)
    wait_for("it to be at the registry", lambda: known_there(house, asking))
    assert [(reference,)] == handed_in(house, asking) == known_there(house, asking)


def applicant_of(house: RunningHouse, asking: Applicant, kind: ChannelKind) -> Applicant:
    """The same person elsewhere, at once."""
    return Applicant(Talk(house, kind, asking.talk.number, "fr").open(), asking.citizen)


def handed_in(house: RunningHouse, asking: Applicant) -> list[tuple[str]]:
    """The references that somebody was given."""
    person = pseudonyms(house).person(asking.citizen["idcs"])
    found = rows(house, "select reference from submissions where person_key = ?", person)
    return [(reference,) for (reference,) in found]


def known_there(house: RunningHouse, asking: Applicant) -> list[tuple[str]]:
    """The references of what the registry was handed in of somebody."""
    asked = "SELECT reference FROM applications WHERE channel != '' AND idcs = ?"
    with closing(sqlite3.connect(house.data / "registry.sqlite")) as registry:
        return list(registry.execute(asked, (asking.citizen["idcs"],)))
