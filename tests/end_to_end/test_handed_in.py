"""What is handed in reaches the registry once, whatever dies; who agreed hears of every change."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from core.messages import ChannelKind
from core.references import in_groups
from tests.dialogue.stores import pseudonyms, rows
from tests.dialogue.talk import Talk
from tests.end_to_end.handed_in import (
    at_the_registry,
    hand_in,
    kill_worker,
    state_of,
)
from tests.end_to_end.running_house import RunningHouse, wait_for

pytestmark = pytest.mark.e2e

# Nothing of theirs is asked for by another test.
APPLICANT = "Index above both limits"
FOLLOWER = "Index between the limits"


def operate(house: RunningHouse, path: str, **asked: Any) -> dict[str, Any]:
    """An operator of the sandbox registry makes something happen."""
    answer = requests.post(f"{house.run['registry']}/sandbox/{path}", json=asked, timeout=5)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def texts(house: RunningHouse, number: str) -> list[str]:
    """The texts a number has received, the oldest first."""
    return [message["text"] for message in house.inbox(number)]


def test_a_worker_killed_while_it_sends_makes_one_application(house: RunningHouse) -> None:
    citizen = house.citizen(APPLICANT)
    known = len(texts(house, citizen["phone"]))
    # The worker has a token then, and the next call is the application itself.
    first = hand_in(house, house.citizen(FOLLOWER), "minhaty")
    wait_for("a first receipt", lambda: state_of(house, first)[0] == "sent")
    with house.stalled("registry"):
        reference = hand_in(house, citizen, "daam")
        wait_for("a try", lambda: state_of(house, reference)[1] > 0)
        kill_worker(house)
        before = state_of(house, reference)
    wait_for("the receipt", lambda: state_of(house, reference)[0] == "sent", 90.0)
    told = wait_for("the SMS", lambda: texts(house, citizen["phone"])[known:])

    assert ("queued", 1) == before
    assert 1 < state_of(house, reference)[1]
    assert 1 == at_the_registry(house, reference)
    assert 1 == len(told)
    assert in_groups(reference) in told[0]


def test_what_waits_here_is_told_while_the_registry_is_away(house: RunningHouse) -> None:
    citizen = house.citizen(APPLICANT)
    with house.stalled("registry"):
        reference = hand_in(house, citizen, "minhaty")
        talk = Talk(house, ChannelKind.SMS, citizen["phone"]).open()
        heard = talk.say(in_groups(reference))
    wait_for("the receipt", lambda: state_of(house, reference)[0] == "sent", 90.0)

    assert "gardée ici" in heard
    assert "registre" in heard


def test_whoever_agreed_hears_by_sms_what_the_registry_reports(house: RunningHouse) -> None:
    citizen = house.citizen(FOLLOWER)
    talk = Talk(house, ChannelKind.USSD, citizen["phone"]).open()
    talk.choose("utter_menu", "/more")
    talk.choose("utter_more", "/notifications")
    talk.choose("utter_messages_sent", "/follow_changes")
    talk.verify(citizen)
    talk.choose("utter_ask_follow", '/follow_changes{"detail":"full"}')
    assert talk.heard("utter_following_full")

    known = len(texts(house, citizen["phone"]))
    payment = {"idcs": citizen["idcs"], "programme": "asd", "month": "2026-11-01"}
    noted = operate(house, "payments", **payment, state="paid", amount="987.65")
    [text] = wait_for("the SMS", lambda: texts(house, citizen["phone"])[known:])

    assert 1 == noted["notices"]
    assert "ASD" in text and "paiement" in text
    assert not any(character.isdigit() for character in text)


def test_whoever_wrote_stop_hears_nothing_more(house: RunningHouse) -> None:
    citizen = house.citizen(FOLLOWER)
    Talk(house, ChannelKind.SMS, citizen["phone"]).say("STOP")
    known = len(texts(house, citizen["phone"]))
    person = pseudonyms(house).person(citizen["idcs"])
    asked = "select outcome from notices where person_key = ? and state = 'dropped'"
    operate(house, "index", idcs=citizen["idcs"], index="8.1")
    dropped = wait_for("the end of it", lambda: rows(house, asked, person))
    silent = texts(house, citizen["phone"])[known:]
    Talk(house, ChannelKind.SMS, citizen["phone"]).say("START")

    assert [("nobody",)] == dropped
    assert [] == silent
