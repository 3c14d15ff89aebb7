"""What belongs to a number, what to a person: two people on one, and one that was given anew."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from actions.registry.shapes import EventKind, RegistryEvent
from core.messages import ChannelKind
from records.database import open_database
from records.followers import Detail, Followers
from tests.dialogue.stores import change, pseudonyms, rows
from tests.dialogue.talk import Talk
from tests.end_to_end.pretend_twilio import (
    arrived,
    deliver,
    have_done,
    in_the_end,
    outbox,
    texts_of,
    write,
)
from tests.end_to_end.running_house import RunningHouse, wait_for

pytestmark = pytest.mark.e2e

AID = {"fr": "AMO Achamil", "ar": "أمو الشامل"}
SHOWN_OF_A_DRAFT = '/inform{"answer":"{again}"}'


def begins_an_application(talk: Talk, citizen: dict[str, Any]) -> Talk:
    """Ask for a health insurance, prove who one is, and answer the first question, if it is put."""
    asks(talk)
    talk.verify(citizen)
    if not offers_what_was_begun(talk):
        talk.say("1")
    return talk


def asks(talk: Talk) -> None:
    """Ask for a health insurance."""
    talk.choose("utter_menu", "/apply")
    talk.pick(AID[talk.language])


def offers_what_was_begun(talk: Talk) -> bool:
    """True where what somebody began is offered to be gone on with."""
    return talk.offers("utter_application_resume", SHOWN_OF_A_DRAFT)


def consents(house: RunningHouse, number: str) -> list[str]:
    """The acts of consent of a number, the oldest first."""
    key = pseudonyms(house).number(number)
    asked = "select act from consents where number_key = ? order by id"
    return [row[0] for row in rows(house, asked, key)]


def give_to_somebody_else(house: RunningHouse, number: str, months: int = 7) -> None:
    """Let a number have been silent so long that it may be somebody else's by now."""
    key = pseudonyms(house).number(number)
    last = (datetime.now(UTC) - timedelta(days=31 * months)).strftime("%Y-%m-%d %H:%M:%S.%f")
    change(house, "update numbers set last_seen = ? where number_key = ?", last, key)
    # What lives a day at most is long gone.
    for database in (0, 2):
        store = redis.Redis.from_url(house.redis_url(database))
        for found in list(store.scan_iter(f"*{key}*")):
            store.delete(found)
        store.close()


def another(number: str) -> str:
    """A second number that nobody else uses."""
    return f"{number[:-5]}{(int(number[-5:]) + 50_000) % 100_000:05d}"


def test_language_consent_and_refusal_follow_the_number_over_its_channels(
    house: RunningHouse, stranger: str
) -> None:
    sms = Talk(house, ChannelKind.SMS, stranger, "ar").open()
    sms.choose("utter_menu", "/check_registration")
    sms.consent()
    asked = sms.heard("utter_ask_idcs")
    call = house.handset(stranger)
    call.dial()
    ussd = Talk(house, ChannelKind.USSD, stranger, "ar").open()
    ussd.choose("utter_menu", "/check_registration")
    write(house, "sms", stranger, "STOP")
    wait_for("the refusal", lambda: refused(house, stranger))
    deliver(house, "whatsapp", stranger, "Une nouvelle.")
    wait_for("the end", lambda: ("dead", "opted_out") in outbox(house, stranger))

    assert asked
    # No language is asked for, and no consent.
    assert "Français" not in call.screen.text
    assert ussd.heard("utter_ask_idcs"), ussd.hears
    assert ["given"] == consents(house, stranger)
    assert "Une nouvelle." not in texts_of(house, stranger)


def refused(house: RunningHouse, number: str) -> bool:
    """True for a number that wants no messages."""
    key = pseudonyms(house).number(number)
    found = rows(house, "select opted_out from numbers where number_key = ?", key)
    return bool(found and found[0][0])


def test_two_people_on_one_number_know_nothing_of_each_other(
    house: RunningHouse, stranger: str
) -> None:
    first = house.citizen("Money waits to be collected")
    second = house.citizen("A widow: help for her children")
    begins_an_application(Talk(house, ChannelKind.WHATSAPP, stranger).open(), first)
    other = Talk(house, ChannelKind.WHATSAPP, stranger).open()
    asks(other)
    asked = other.heard("utter_ask_idcs")
    other.verify(second)

    assert asked
    assert not offers_what_was_begun(other), other.hears
    again = Talk(house, ChannelKind.WHATSAPP, stranger).open()
    assert offers_what_was_begun(begins_an_application(again, first)), again.hears


def test_what_was_begun_follows_the_person_and_that_they_were_verified_does_not(
    house: RunningHouse, stranger: str
) -> None:
    citizen = house.citizen("ASD refused five days ago")
    begins_an_application(Talk(house, ChannelKind.WHATSAPP, stranger).open(), citizen)
    talk = Talk(house, ChannelKind.SMS, another(stranger)).open()
    asks(talk)
    before = talk.hears, offers_what_was_begun(talk), talk.heard("utter_ask_consent")
    talk.verify(citizen)

    # Nothing says that there is something before it is proved who asks.
    assert (False, True) == before[1:], before[0]
    assert offers_what_was_begun(talk), talk.hears


def test_a_number_that_was_given_anew_shows_nothing_of_whom_it_belonged_to(
    house: RunningHouse, stranger: str
) -> None:
    first = house.citizen("Refused three times")
    second = house.citizen("Pre-registered in the RNP")
    begins_an_application(Talk(house, ChannelKind.WHATSAPP, stranger, "ar").open(), first)
    follow(house, stranger, first)
    known = len(texts_of(house, stranger))
    report_a_change(house, first)
    arrived(house, stranger, known + 1)
    give_to_somebody_else(house, stranger)
    handset = house.handset(stranger)
    handset.dial()
    greeted = handset.screen.text
    talk = Talk(house, ChannelKind.WHATSAPP, stranger, "fr").open()
    asks(talk)
    asked = talk.heard("utter_ask_consent"), offers_what_was_begun(talk)
    talk.verify(second)
    known = len(texts_of(house, stranger))
    report_a_change(house, first)
    # What is asked of the worker after it has been done.
    deliver(house, "sms", another(stranger), "Après.")
    arrived(house, another(stranger), 1)
    told = in_the_end(lambda: len(texts_of(house, stranger)))

    # News for whom it belonged to goes nowhere.
    assert known == told
    # Whoever calls chooses a language and agrees as anybody new.
    assert "Français" in greeted
    assert (True, False) == asked, talk.hears
    assert ["given", "lapsed", "given"] == consents(house, stranger)
    assert not offers_what_was_begun(talk), talk.hears


def report_a_change(house: RunningHouse, citizen: dict[str, Any]) -> None:
    """The registry reports a change for a person, as the intake hands it on."""
    event = RegistryEvent(
        uuid.uuid4().hex, EventKind.INDEX_CHANGED, citizen["idcs"], "", datetime.now(UTC)
    )
    value = asdict(event) | {"happened_on": event.happened_on.isoformat()}
    have_done(house, "worker.notices.take", value)


def follow(house: RunningHouse, number: str, citizen: dict[str, Any]) -> None:
    """A person agreed to be told of changes on a number."""
    names = pseudonyms(house)
    database = open_database(house.records_url)
    person = names.person(citizen["idcs"])
    Followers(database).agree(person, names.number(number), Detail.FULL, "a-code")
    database.close()
