"""The pretend provider goes wrong where it is asked to, and lists what passed as Twilio does."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from sandbox.phone import wire
from tests.unit.sandbox.phone.door_stub import StubDoor
from tests.unit.sandbox.provider.conftest import ACCOUNT

NUMBER, OTHER = "+212612345678", "+212698765432"
SMS, WHATSAPP = "+212520000002", "whatsapp:+212520000001"
FAULTS = "/twilio/sandbox/faults"


def wait_for(is_so: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def send(twilio: Client, door: StubDoor, text: str = "salam", to: str = NUMBER) -> Any:
    callback = f"{door.url}/channels/sms/reports?message=7"
    return twilio.messages.create(from_=SMS, to=to, body=text, status_callback=callback)


def inject(phone: FlaskClient, **fault: Any) -> None:
    assert 201 == phone.post(FAULTS, json=fault).status_code


def received(phone: FlaskClient, sid: str, text: str, seconds_ago: float = 0.0) -> None:
    form = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": NUMBER, "To": SMS, "Body": text}
    given = form | {"NumMedia": "0", "seconds_ago": seconds_ago}
    assert 201 == phone.post("/twilio/sandbox/received", json=given).status_code


def arrived(phone: FlaskClient, number: str = NUMBER) -> list[str]:
    inbox = phone.get(f"/api/inbox?number={number}").json
    assert inbox is not None
    return [message["text"] for message in inbox["messages"]]


@pytest.mark.parametrize(("status", "code"), [(400, 21610), (429, 20429), (500, 0), (503, 0)])
def test_a_message_is_refused_as_often_as_was_asked_for(
    twilio: Client, phone: FlaskClient, door: StubDoor, status: int, code: int
) -> None:
    inject(phone, status=status, code=code, times=2)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            send(twilio, door)
        assert (status, code or 20000 + status) == (refused.value.status, refused.value.code)
    send(twilio, door)

    assert ["salam"] == arrived(phone)


@pytest.mark.parametrize("code", [63016, 30003, 30007, 21610])
def test_a_message_is_taken_and_reported_as_failed_later(
    twilio: Client, phone: FlaskClient, door: StubDoor, code: int
) -> None:
    inject(phone, code=code)
    sent = send(twilio, door)
    wait_for(lambda: 2 == len(door.reports))
    fetched = twilio.messages(sent.sid).fetch()

    assert ["sent", "undelivered"] == [report["MessageStatus"] for report in door.reports]
    assert str(code) == door.reports[-1]["ErrorCode"]
    assert ("undelivered", code) == (fetched.status, fetched.error_code)
    assert [] == arrived(phone)


def test_an_answer_gets_lost_and_the_message_went_all_the_same(
    twilio: Client, phone: FlaskClient, door: StubDoor
) -> None:
    inject(phone, lost=True)
    with pytest.raises(TwilioRestException) as lost:
        send(twilio, door)

    assert 504 == lost.value.status
    assert ["salam"] == arrived(phone)
    assert ["salam"] == [one.body for one in twilio.messages.list(to=NUMBER)]


def test_an_answer_comes_late(twilio: Client, phone: FlaskClient, door: StubDoor) -> None:
    inject(phone, seconds=0.4)
    begun = time.monotonic()
    send(twilio, door)

    assert time.monotonic() - begun >= 0.4


def test_a_fault_is_of_its_number_and_its_kind_alone(
    twilio: Client, phone: FlaskClient, door: StubDoor
) -> None:
    inject(phone, status=400, code=21610, number=OTHER)
    inject(phone, status=400, code=63024, kind="whatsapp")
    send(twilio, door)

    assert ["salam"] == arrived(phone)
    assert 2 == len((phone.get(FAULTS).json or {})["faults"])
    phone.delete(FAULTS)
    assert {"faults": []} == phone.get(FAULTS).json


def test_a_silent_message_is_reported_by_nobody(
    twilio: Client, phone: FlaskClient, door: StubDoor
) -> None:
    inject(phone, silent=True)
    sent = send(twilio, door)
    wait_for(lambda: twilio.messages(sent.sid).fetch().status == "delivered")

    assert [] == door.reports


@pytest.mark.parametrize("asked", [{"nothing": 1}, {"times": "two"}, {"lost": "x"}, [3]])
def test_a_fault_that_is_none_is_refused(phone: FlaskClient, asked: Any) -> None:
    assert 400 == phone.post(FAULTS, json=asked).status_code


def test_messages_are_listed_newest_first_by_sender_and_recipient(
    twilio: Client, phone: FlaskClient, door: StubDoor
) -> None:
    for text, to in (("one", NUMBER), ("two", OTHER), ("three", NUMBER)):
        send(twilio, door, text, to)
    received(phone, "SMin", "salam")

    assert ["three", "one"] == [m.body for m in twilio.messages.list(to=NUMBER)]
    assert ["salam"] == [m.body for m in twilio.messages.list(from_=NUMBER)]
    assert ["salam"] == [m.body for m in twilio.messages.list(to=SMS)]
    assert [] == twilio.messages.list(from_=WHATSAPP)
    [inbound] = twilio.messages.list(to=SMS)
    assert ("inbound", "received") == (inbound.direction, inbound.status)


def test_a_list_is_read_page_by_page(twilio: Client, phone: FlaskClient) -> None:
    for number in range(25):
        received(phone, f"SM{number}", f"text {number}", seconds_ago=100 - number)
    read = list(twilio.messages.stream(to=SMS, page_size=10))
    limited = twilio.messages.list(to=SMS, page_size=10, limit=12)

    assert [f"text {number}" for number in reversed(range(25))] == [one.body for one in read]
    assert 12 == len(limited)


def test_a_list_is_of_the_time_that_is_asked_for(twilio: Client, phone: FlaskClient) -> None:
    now = datetime.now(UTC)
    for sid, ago in (("SMa", 7200), ("SMb", 1800), ("SMc", 60)):
        received(phone, sid, sid, seconds_ago=ago)
    since, until = now - timedelta(hours=1), now - timedelta(minutes=5)

    assert ["SMc", "SMb"] == [m.sid for m in twilio.messages.list(to=SMS, date_sent_after=since)]
    between = twilio.messages.list(to=SMS, date_sent_after=since, date_sent_before=until)
    assert ["SMb"] == [m.sid for m in between]


def test_a_list_is_given_to_its_account_alone(phone: FlaskClient) -> None:
    path = f"/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    assert 401 == phone.get(path).status_code


def test_a_size_that_is_none_is_refused(twilio: Client) -> None:
    with pytest.raises(TwilioException):
        twilio.messages.list(to=SMS, page_size=-1)


def test_an_answer_of_the_webhook_is_known_and_reported(
    twilio: Client, phone: FlaskClient, door: StubDoor
) -> None:
    said = phone.post("/api/send", json={"number": NUMBER, "channel": "sms", "text": "salam"})
    heard = (said.json or {})["messages"]
    account = wire.account_of({})
    known = phone.get(f"/twilio/sandbox/messages?account={account}").json or []
    directions = {message["direction"]: message["body"] for message in known}

    assert {"inbound": "salam", "outbound-reply": heard[0]} == directions
    assert heard == arrived(phone)[1:]
