"""Consent: asked once, kept with its history, taken back at will, gone after silence."""

from __future__ import annotations

import pytest

from records.consents import Consent, Consents
from records.database import Database
from records.people import Numbers
from tests.builders import NOW
from tests.contract.records.conftest import HandClock


@pytest.fixture
def consents(database: Database, clock: HandClock) -> Consents:
    return Consents(database, clock)


def test_nothing_is_consented_to_before_it_is_given(consents: Consents) -> None:
    consents.give("b", "1", "fr", "ussd")

    assert consents.current("a") is None


def test_a_consent_names_its_text_language_channel_and_time(consents: Consents) -> None:
    consents.give("a", "1", "ary", "whatsapp")

    assert Consent("a", "given", "1", "ary", "whatsapp", NOW) == consents.current("a")


def test_a_consent_to_another_text_does_not_stand(consents: Consents) -> None:
    consents.give("a", "1", "fr", "ussd")

    assert consents.current("a", text_version="1") is not None
    assert consents.current("a", text_version="2") is None


def test_a_withdrawn_consent_does_not_stand_and_stays_in_the_history(
    consents: Consents, clock: HandClock
) -> None:
    consents.give("a", "1", "fr", "ussd")
    later = clock.move(days=1)
    consents.withdraw("a")

    assert consents.current("a") is None
    assert [
        Consent("a", "given", "1", "fr", "ussd", NOW),
        Consent("a", "withdrawn", "1", "fr", "ussd", later),
    ] == consents.history("a")


def test_a_withdrawn_consent_can_be_given_again(consents: Consents) -> None:
    consents.give("a", "1", "fr", "ussd")
    consents.withdraw("a")
    consents.give("a", "2", "fr", "ussd")

    current = consents.current("a")

    assert current is not None and "2" == current.text_version
    assert ["given", "withdrawn", "given"] == [act.act for act in consents.history("a")]


def test_the_same_consent_given_twice_is_recorded_once(consents: Consents) -> None:
    consents.give("a", "1", "fr", "ussd")
    consents.give("a", "1", "fr", "ussd")

    assert 1 == len(consents.history("a"))


def test_what_was_never_given_is_not_withdrawn(consents: Consents) -> None:
    consents.withdraw("a")

    assert [] == consents.history("a")


def test_a_consent_does_not_outlive_six_months_of_silence(
    database: Database, consents: Consents, clock: HandClock
) -> None:
    consents.give("a", "1", "fr", "ussd")
    clock.move(days=200)
    unseen = consents.current("a")
    Numbers(database, clock).seen("a")

    assert unseen is None
    assert consents.current("a") is None
    assert ["given", "lapsed"] == [act.act for act in consents.history("a")]


def test_looking_a_silent_number_up_ends_its_consent(
    database: Database, consents: Consents, clock: HandClock
) -> None:
    consents.give("a", "1", "fr", "ussd")
    clock.move(days=200)
    numbers = Numbers(database, clock)
    numbers.find("a")
    numbers.find("a")

    assert ["given", "lapsed"] == [act.act for act in consents.history("a")]


def test_a_number_in_use_keeps_its_consent(
    database: Database, consents: Consents, clock: HandClock
) -> None:
    consents.give("a", "1", "fr", "ussd")
    for _ in range(4):
        clock.move(days=60)
        Numbers(database, clock).seen("a")

    assert Consent("a", "given", "1", "fr", "ussd", NOW) == consents.current("a")
