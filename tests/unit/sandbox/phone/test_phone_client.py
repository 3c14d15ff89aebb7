"""The driver calls a door as the gateways do."""

from __future__ import annotations

import pytest

from sandbox.phone.client import Chat, Handset, NoSession
from sandbox.phone.gateway.speech import Speech
from tests.unit.sandbox.phone.door_stub import MENU, StubDoor

NUMBER = "+212612345678"


def test_a_dialled_code_opens_a_session_with_nothing_typed_yet(door: StubDoor) -> None:
    screen = Handset(door.channels()["ussd"], "0612-345678").dial("*555#")

    assert f"{MENU}\n()" == screen.text
    assert screen.open
    assert 200 == screen.status
    assert "*555#" == door.hops[0]["serviceCode"]
    assert NUMBER == door.hops[0]["phoneNumber"]


def test_inputs_are_joined_by_stars_within_one_session(door: StubDoor) -> None:
    handset = Handset(door.channels()["ussd"], NUMBER)
    handset.dial("*555*1*2#")
    handset.press("7")
    handset.press("03/02/1980")

    assert ["1*2", "1*2*7", "1*2*7*03/02/1980"] == [hop["text"] for hop in door.hops]
    assert 1 == len({hop["sessionId"] for hop in door.hops})


def test_a_closed_session_takes_no_input_and_is_reported(door: StubDoor) -> None:
    handset = Handset(door.channels()["ussd"], NUMBER)
    handset.dial()
    handset.press("9")

    assert ("شكرا", False) == (handset.screen.text, handset.screen.open)
    assert ["Success"] == [report["status"] for report in door.reports]
    with pytest.raises(NoSession):
        handset.press("1")


def test_hanging_up_is_reported_as_incomplete_with_what_was_typed(door: StubDoor) -> None:
    handset = Handset(door.channels()["ussd"], NUMBER)
    handset.dial()
    handset.press("1")
    handset.cancel()
    handset.cancel()

    assert not handset.screen.open
    reported = [(report["status"], report["input"], report["hopsCount"]) for report in door.reports]
    assert [("Incomplete", "1", "2")] == reported


def test_a_redial_is_a_new_session_of_the_same_code(door: StubDoor) -> None:
    handset = Handset(door.channels()["ussd"], NUMBER)
    handset.dial("*555*4#")
    handset.press("1")
    handset.redial()

    assert ["4", "4*1", "4"] == [hop["text"] for hop in door.hops]
    assert door.hops[0]["sessionId"] != door.hops[2]["sessionId"]


def test_a_repeated_hop_is_the_same_delivery(door: StubDoor) -> None:
    handset = Handset(door.channels()["ussd"], NUMBER)
    handset.dial()
    handset.press("1")
    handset.repeat()

    assert door.hops[1] == door.hops[2]


def test_the_network_closes_a_session_that_lasts_too_long(
    door: StubDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Speech, "seconds", 0.0)
    handset = Handset(door.channels()["ussd"], NUMBER)
    handset.dial()
    screen = handset.press("1")

    assert not screen.open
    assert 1 == len(door.hops)
    assert ["Incomplete"] == [report["status"] for report in door.reports]


def test_an_unknown_code_shows_the_status_and_raises_nothing(door: StubDoor) -> None:
    screen = Handset(door.channels()["ussd"], NUMBER).dial("*999#")

    assert (404, "no such service", "", False) == (
        screen.status,
        screen.raw,
        screen.text,
        screen.open,
    )


def test_a_door_that_is_down_is_status_0(door: StubDoor) -> None:
    channel = door.channels()["ussd"] | {"messages_url": "http://127.0.0.1:9/"}

    assert 0 == Handset(channel, NUMBER).dial().status


def test_a_number_that_is_none_is_refused(door: StubDoor) -> None:
    with pytest.raises(ValueError, match="number"):
        Handset(door.channels()["ussd"], "12")


@pytest.mark.parametrize("kind", ["whatsapp", "sms"])
def test_a_message_is_signed_and_its_answers_are_heard_as_written(
    door: StubDoor, kind: str
) -> None:
    chat = Chat(door.channels()[kind], NUMBER)

    assert ["سمعت: wach?\n1. <b>نعم</b>"] == chat.say("wach?")
    assert 200 == chat.status
    prefix = "whatsapp:" if kind == "whatsapp" else ""
    assert prefix + NUMBER == door.said[0]["From"]


def test_a_wrong_token_is_refused_by_the_door(door: StubDoor) -> None:
    chat = Chat(door.channels()["sms"] | {"secret": "another"}, NUMBER)

    assert [] == chat.say("salam")
    assert 403 == chat.status


def test_an_image_is_a_media_message_and_an_empty_answer_is_heard_as_nothing(
    door: StubDoor,
) -> None:
    chat = Chat(door.channels()["whatsapp"], NUMBER)

    assert 2 == len(chat.say("", media=True))
    assert "image/png" == door.said[0]["MediaContentType0"]
    assert door.said[0]["MessageSid"].startswith("MM")
    assert [] == chat.say("silence")


def test_a_fixed_message_id_makes_two_deliveries_of_one_message(door: StubDoor) -> None:
    chat = Chat(door.channels()["sms"], NUMBER)
    chat.say("1", message_id="SM1")
    chat.say("1", message_id="SM1")

    assert door.said[0] == door.said[1]
