"""A process stalls, dies or is away: the citizen is told so in time, and nothing given is lost."""

from __future__ import annotations

from threading import Thread

import pytest
import redis
import requests

from sandbox.phone import wire
from sandbox.phone.client import Handset
from tests.end_to_end.callers import (
    at_the_identifier,
    at_the_menu,
    chat_at_the_identifier,
    day_first,
    dial_afresh,
)
from tests.end_to_end.running_house import RunningHouse, wait_for
from tests.end_to_end.words import door_said, flat, read_pages, said

pytestmark = pytest.mark.e2e

IN_TIME_MS = 5000


def test_a_stalled_engine_is_told_in_time_and_its_answer_comes_first(
    house: RunningHouse, stranger: str
) -> None:
    handset = at_the_identifier(house.handset(stranger), "fr")
    with house.stalled("engine"):
        handset.press("2345678906")
        assert handset.screen.milliseconds < IN_TIME_MS
        assert door_said("fr", "door_still_working", "ussd") in flat(handset.screen.text)

    handset.press("1")

    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)


def test_a_killed_engine_is_told_and_the_answer_is_kept(house: RunningHouse, stranger: str) -> None:
    handset = at_the_identifier(house.handset(stranger), "ary")
    house.kill("engine")
    handset.press("2345678906")
    assert handset.screen.milliseconds < IN_TIME_MS
    assert door_said("ary", "door_try_again", "ussd") in flat(handset.screen.text)
    house.wait_until_healthy("engine")

    handset.press("1")

    assert said("ary", "utter_ask_birth_date", "ussd") in read_pages(handset)


def test_actions_that_are_away_are_told_and_the_answer_is_kept(
    house: RunningHouse, stranger: str
) -> None:
    handset = at_the_identifier(house.handset(stranger), "zgh")
    house.kill("actions")
    handset.press("2345678906")
    assert handset.screen.milliseconds < IN_TIME_MS
    assert door_said("zgh", "door_try_again", "ussd") in flat(handset.screen.text)
    house.wait_until_healthy("actions")

    handset.press("1")

    assert said("zgh", "utter_ask_birth_date", "ussd") in read_pages(handset)


def test_actions_that_are_away_at_the_menu_are_told_and_the_choice_is_kept(
    house: RunningHouse, stranger: str
) -> None:
    handset = at_the_menu(house.handset(stranger), "fr")
    house.kill("actions")
    handset.press("1")
    assert door_said("fr", "door_try_again", "ussd") in flat(handset.screen.text)
    house.wait_until_healthy("actions")

    handset.press("1")

    assert said("fr", "utter_ask_consent", "ussd") in read_pages(handset)


def test_stalled_actions_are_told_in_time(house: RunningHouse, stranger: str) -> None:
    handset = at_the_identifier(house.handset(stranger), "ar")
    with house.stalled("actions"):
        handset.press("2345678906")
        assert handset.screen.milliseconds < IN_TIME_MS
        assert door_said("ar", "door_still_working", "ussd") in flat(handset.screen.text)

    handset.press("1")

    assert said("ar", "utter_ask_birth_date", "ussd") in read_pages(handset)


def test_a_slow_registry_is_told_in_time_and_nothing_is_asked_again(house: RunningHouse) -> None:
    citizen = house.citizen("Index exactly at the ASD limit")
    handset = at_the_identifier(house.handset(citizen["phone"]), "fr")
    handset.press(citizen["idcs"])
    with house.stalled("registry"):
        handset.press(day_first(citizen["birth_date"]))
        assert handset.screen.milliseconds < IN_TIME_MS
        assert said("fr", "utter_registry_unavailable", "ussd") in read_pages(handset)

    handset.press("1")

    assert said("fr", "utter_rnp_registered", "ussd") in read_pages(handset)


def test_a_stalled_redis_is_told_in_time_in_the_language_on_record(
    house: RunningHouse, stranger: str
) -> None:
    handset = at_the_menu(house.handset(stranger), "fr")
    with house.stalled("redis"):
        handset.press("1")
        assert handset.screen.milliseconds < IN_TIME_MS
        assert door_said("fr", "door_not_taken", "ussd") in flat(handset.screen.text)
        assert not handset.screen.open
        unknown = house.handset("+212661999999")
        unknown.dial()
        assert unknown.screen.milliseconds < IN_TIME_MS
        for language in ("ar", "fr"):
            assert door_said(language, "door_down", "ussd") in flat(unknown.screen.text)

    at_the_menu(handset, "fr")

    assert said("fr", "utter_menu", "ussd") in flat(handset.screen.text)


def test_what_a_stalled_redis_cannot_accept_waits_on_the_disk_and_is_answered(
    house: RunningHouse, stranger: str
) -> None:
    chat = house.chat("whatsapp", stranger)
    with house.stalled("redis"):
        chat.say("salam", message_id="SM" + 32 * "b")
        assert 200 == chat.status

    def is_answered() -> bool:
        return any("votre langue" in message["text"] for message in house.inbox(stranger))

    wait_for("the answer", is_answered, 60.0)


def test_a_redis_that_was_killed_comes_back_with_what_it_held(
    house: RunningHouse, stranger: str
) -> None:
    handset = at_the_identifier(house.handset(stranger), "fr")
    wait_for("all in the append-only file", lambda: _is_written(house))
    house.kill("redis")
    house.wait_until_healthy("redis")

    wait_for("the call going on", lambda: _goes_on(handset), 20)

    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)


def _is_written(house: RunningHouse) -> bool:
    """True where a Redis that is killed leaves all it holds to its file."""
    with redis.Redis.from_url(house.redis_url()) as store:
        told = store.info("persistence")
    return told["aof_enabled"] == 1 and not told["aof_buffer_length"]


def _goes_on(handset: Handset) -> bool:
    if not handset.screen.open:
        dial_afresh(handset)
    if handset.screen.open:
        handset.press("2345678906")
    return said("fr", "utter_ask_birth_date", "ussd") in flat(handset.screen.text)


def test_a_chat_is_answered_when_the_engine_is_back(house: RunningHouse, stranger: str) -> None:
    chat = chat_at_the_identifier(house.chat("whatsapp", stranger), "fr")
    before = len(house.inbox(stranger))
    house.kill("engine")

    chat.say("2345678906")

    assert door_said("fr", "door_try_again_message", "whatsapp") in flat(" ".join(chat.hears))
    house.wait_until_healthy("engine")
    sent = wait_for("the answer", lambda: house.inbox(stranger)[before:], 60)
    assert said("fr", "utter_ask_birth_date", "whatsapp") in flat(sent[-1]["text"])


def test_a_killed_door_moves_the_dialogue_once(house: RunningHouse, stranger: str) -> None:
    handset = at_the_identifier(house.handset(stranger), "fr")
    house.kill("door")
    house.wait_until_healthy("door")

    handset.press("2345678906")

    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)


def test_one_hop_delivered_twice_at_once_moves_the_dialogue_once(
    house: RunningHouse, stranger: str
) -> None:
    handset = at_the_menu(house.handset(stranger), "fr")
    channel = house.run["channels"]["ussd"]
    form = wire.ussd_form(handset.session, "*555#", stranger, "4*1")
    bodies: list[str] = []

    def deliver() -> None:
        bodies.append(requests.post(channel["messages_url"], form, timeout=6).text)

    threads = [Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert 4 == len(bodies)
    assert 1 == len(set(bodies))
    assert said("fr", "utter_ask_consent", "ussd")[:30] in flat(bodies[0])


def test_late_hops_change_nothing(house: RunningHouse, stranger: str) -> None:
    handset = at_the_identifier(house.handset(stranger), "fr")
    channel = house.run["channels"]["ussd"]
    now = handset.screen.text

    form = wire.ussd_form(handset.session, "*555#", stranger, "4")
    late = requests.post(channel["messages_url"], form, timeout=6).text

    assert late.startswith("CON ")
    handset.press("2345678906")
    assert now != handset.screen.text
    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)


def test_messages_sent_while_the_engine_is_away_are_read_in_their_order(
    house: RunningHouse, stranger: str
) -> None:
    chat = chat_at_the_identifier(house.chat("whatsapp", stranger), "fr")
    before = len(house.inbox(stranger))
    house.kill("engine")
    chat.say("2345678906")
    chat.say("13/10/1980")
    house.wait_until_healthy("engine")

    sent = wait_for("the answer", lambda: house.inbox(stranger)[before:], 60)

    assert said("fr", "utter_not_matched", "whatsapp") in flat(sent[-1]["text"])


def test_a_door_that_dies_in_a_chat_s_turn_leaves_the_answer_to_the_worker(
    house: RunningHouse, stranger: str
) -> None:
    chat = chat_at_the_identifier(house.chat("whatsapp", stranger), "fr")
    before = len(house.inbox(stranger))
    with house.stalled("engine"):
        chat.say("2345678906")
        assert door_said("fr", "door_still_working_message", "whatsapp") in flat(
            " ".join(chat.hears)
        )
        house.kill("door")
    house.wait_until_healthy("door")

    sent = wait_for("the answer", lambda: house.inbox(stranger)[before:], 90)

    assert said("fr", "utter_ask_birth_date", "whatsapp") in flat(sent[-1]["text"])
