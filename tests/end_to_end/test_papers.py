"""A photo of a paper goes from a chat to the register with its request: byte for byte, and once."""

from __future__ import annotations

import base64
import hashlib
import os
import time
from typing import Any

import pytest
import requests

from core.messages import ChannelKind
from core.references import read_reference
from sandbox.phone.parcels import pack
from tests.dialogue.stores import rows
from tests.dialogue.talk import Talk
from tests.end_to_end.pretend_twilio import have_done
from tests.end_to_end.running_house import RunningHouse, wait_for

pytestmark = pytest.mark.e2e


def payload(name: str) -> str:
    """What a button of ours means before its value is sealed."""
    return '/inform{"answer":"{' + name + '}"}'


def with_papers(talk: Talk, citizen: dict[str, Any], *files: tuple[str, bytes]) -> str:
    """Apply for a health insurance, sending files meanwhile; the reference."""
    talk.choose("utter_menu", "/apply")
    talk.pick("AMO Achamil")
    talk.verify(citizen)
    for kind, content in files:
        talk.attach(kind, content=base64.b64encode(content).decode())
        assert talk.heard("utter_document_taken"), talk.hears
    talk.say("1")
    while not talk.offers("utter_application_send", payload("send")):
        if talk.offers("utter_application_question", payload("done")):
            talk.choose("utter_application_question", payload("done"))
        elif "Numéro de téléphone" in talk.hears:
            talk.say("0612345678")
        else:
            talk.say("1")
    talk.choose("utter_application_send", payload("send"))
    talk.choose("utter_application_assisted", payload("no"))
    talk.choose("utter_application_consent", payload("yes"))
    reference = read_reference(talk.hears)
    assert reference is not None, talk.hears
    return reference


def at_the_registry(house: RunningHouse, application: str) -> list[dict[str, Any]]:
    """The documents that the sandbox registry shows for an application."""
    found = requests.get(f"{house.run['registry']}/sandbox/documents", timeout=5).json()
    return [one for one in found["documents"] if one["application"] == application]


def passed_on(house: RunningHouse) -> int:
    """How many files the registry has taken."""
    return len(rows(house, "select id from media where state = 'passed_on'"))


def test_what_was_sent_with_a_request_is_at_the_register_byte_for_byte_and_once(
    house: RunningHouse, stranger: str
) -> None:
    photo = pack("image").content + os.urandom(50_000)
    document = pack("pdf").content
    talk = Talk(house, ChannelKind.WHATSAPP, stranger).open()
    # The first is taken and its answer lost on the way back.
    fault = {"operation": "/counter/v1/documents", "kind": "lost", "count": 1}
    faults = f"{house.run['registry']}/sandbox/faults"
    requests.post(faults, json=fault, timeout=5).raise_for_status()
    citizen = house.citizen("Index exactly at the AMO-Tadamon limit")
    before = passed_on(house)
    reference = with_papers(talk, citizen, ("image", photo), ("pdf", document))
    asked_at = 0.0

    def both() -> list[dict[str, Any]]:
        nonlocal asked_at
        if time.monotonic() - asked_at > 2.0:
            asked_at = time.monotonic()
            have_done(house, "worker.papers.pass_on")
        found = at_the_registry(house, reference)
        return found if len(found) == 2 and passed_on(house) == before + 2 else []

    arrived = wait_for("the papers at the register", both, 90.0)
    unstruck = requests.get(faults, timeout=5).json()["faults"]
    shown = requests.get(f"{house.run['registry']}/sandbox/?lang=fr", timeout=5).text

    assert [] == unstruck
    assert {hashlib.sha256(one).hexdigest() for one in (photo, document)} == {
        one["sha256"] for one in arrived
    }
    for one in arrived:
        kept = requests.get(
            f"{house.run['registry']}/sandbox/documents/{one['reference']}", timeout=5
        )
        assert kept.content in (photo, document)
        assert one["content_type"] == kept.headers["Content-Type"]
        assert one["reference"] in shown
    gone = rows(
        house, "select length(content), length(sealed) from media where state = 'passed_on'"
    )
    assert {(0, 0)} == set(gone)
