"""What is kept is told to anybody; what is held on somebody, and its erasure, to them alone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from core.vault import TOKEN
from tests.dialogue.conftest import KINDS
from tests.dialogue.stores import (
    pseudonyms,
    redis_keys,
    rows,
    tables_that_hold,
    transcripts_hold,
)
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import ROOT, RunningHouse, wait_for

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


def _rights(asking: Talk) -> Talk:
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/privacy")
    assert asking.heard("utter_privacy"), asking.hears
    return asking


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_kept_is_told_to_anybody(talk: Begin, kind: ChannelKind, language: str) -> None:
    asking = _rights(talk(kind, language=language))

    assert "30" in asking.hears and "90" in asking.hears
    assert asking.offers("utter_privacy_next", "/erase_data")


@pytest.mark.parametrize("kind", KINDS)
def test_a_verified_citizen_reads_what_is_held(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = _rights(talk(kind, citizen["phone"]))
    asking.choose("utter_privacy_next", "/export_data")
    asking.verify(citizen)

    assert asking.heard("utter_export")
    assert asking.heard("utter_export_consent_given")
    assert asking.heard("utter_export_checked")
    assert "{" not in asking.hears and "[[" not in asking.hears
    assert citizen["idcs"] not in asking.hears
    assert citizen["phone"][4:] not in asking.hears


def test_who_refuses_reads_nothing(talk: Begin) -> None:
    asking = _rights(talk(ChannelKind.SMS))
    asking.choose("utter_privacy_next", "/export_data")
    asking.choose("utter_ask_consent", "/deny")

    assert asking.heard("utter_consent_refused")


def test_privacy_is_told_in_between_and_the_question_comes_back(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    asking.say("ki voit mes infos ?")

    assert asking.heard("utter_privacy")
    assert asking.heard("utter_ask_idcs")
    asking.verify(citizen)
    assert asking.heard("utter_rnp_registered")


def test_an_agreement_taken_back_is_asked_for_again(
    house: RunningHouse, talk: Begin, stranger: str
) -> None:
    asking = talk(ChannelKind.USSD, stranger)
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    assert asking.heard("utter_ask_idcs")
    asking.say("00")
    _rights(asking).choose("utter_privacy_next", "/withdraw_consent")
    assert asking.heard("utter_consent_withdrawn")
    asking.choose("utter_menu", "/check_registration")

    assert asking.heard("utter_ask_consent")
    acts = rows(
        house,
        "select act from consents where number_key = ? order by id",
        pseudonyms(house).number(stranger),
    )
    assert [("given",), ("withdrawn",)] == acts


def test_a_no_at_the_last_question_erases_nothing(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Index above both limits")
    asking = _rights(talk(ChannelKind.USSD, citizen["phone"]))
    asking.choose("utter_privacy_next", "/erase_data")
    asking.verify(citizen)
    assert asking.heard("utter_erasure")
    asking.choose("utter_erasure_sure", "/home")

    assert asking.heard("utter_menu")
    key = pseudonyms(house).person(citizen["idcs"])
    assert rows(house, "select 1 from audit_subjects where pseudonym = ?", key)


@pytest.mark.parametrize("kind", KINDS)
def test_after_an_erasure_no_store_knows_the_citizen(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    citizen = house.citizen("no household in the RSU")
    person = pseudonyms(house).person(citizen["idcs"])
    number = pseudonyms(house).number(citizen["phone"])
    # Traces on another channel too: a request for a person, and a conversation.
    other = ChannelKind.SMS if kind is ChannelKind.USSD else ChannelKind.USSD
    elsewhere = talk(other, citizen["phone"])
    elsewhere.choose("utter_menu", "/more")
    elsewhere.choose("utter_more", "/talk_to_agent")
    asking = talk(kind, citizen["phone"])
    asking.choose("utter_menu", "/check_registration")
    asking.verify(citizen)
    asking.say("00")
    _rights(asking).choose("utter_privacy_next", "/erase_data")
    if not asking.heard("utter_erasure_sure"):
        # A call stays verified at home; a chat does not.
        asking.verify(citizen)
    assert "audit_subjects" in tables_that_hold(house, person)
    assert {"handovers", "numbers", "consents"} <= tables_that_hold(house, number)

    asking.choose("utter_erasure_sure", "/confirm_erasure")

    assert asking.heard("utter_erased")
    assert set() == tables_that_hold(house, person)
    # The proof of an agreement stays, and that it ended.
    # A chat is told so by a message, which waits to be confirmed.
    answer = set() if kind is ChannelKind.USSD else {"outbox"}
    assert {"numbers", "consents"} == tables_that_hold(house, number) - answer
    ((language, script),) = rows(
        house, "select language, script from numbers where number_key = ?", number
    )
    assert ("", "") == (language, script)
    kept = {key: value for key, value in redis_keys(house).items() if number in key + value}
    running = f"{kind.value}-{number}"
    # How often a number came is counted for a minute or two.
    kept = {key: value for key, value in kept.items() if not key.startswith("came:")}
    assert set(kept) <= {f"door:{running}", f"engine:tracker:{running}", f"turn:{running}"}
    assert TOKEN.search(kept.get(f"engine:tracker:{running}", "")) is None
    assert "check_registration" not in kept.get(f"engine:tracker:{running}", "")
    assert not [key for key in redis_keys(house) if person in key]
    assert "whole" in _verified_chain(house)
    wait_for("the end of its transcripts", lambda: not transcripts_hold(house, number))


def test_after_an_erasure_the_number_starts_afresh(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("no household in the RSU")
    asking = _rights(talk(ChannelKind.WHATSAPP, citizen["phone"]))
    asking.choose("utter_privacy_next", "/erase_data")
    asking.verify(citizen)
    asking.choose("utter_erasure_sure", "/confirm_erasure")
    asking.say("salam")

    assert asking.heard("utter_ask_language")
    again = talk(ChannelKind.WHATSAPP, citizen["phone"])
    again.choose("utter_menu", "/check_registration")
    assert again.heard("utter_ask_consent")


def _verified_chain(house: RunningHouse) -> str:
    environment = {**os.environ, "TWIZA_RECORDS_URL": house.records_url}
    command = [str(ROOT / "bin" / "audit"), "verify"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout
