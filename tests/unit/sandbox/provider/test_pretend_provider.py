"""Twilio's own library sends through the pretend provider and cannot tell the difference."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.unit.sandbox.phone.door_stub import TOKEN, StubDoor
from tests.unit.sandbox.provider.conftest import ACCOUNT

NUMBER = "+212612345678"
FROM = {"whatsapp": "whatsapp:+212520000001", "sms": "+212520000002"}
PATH = f"/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages"


def _wait(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@pytest.mark.parametrize("kind", ["whatsapp", "sms"])
def test_a_message_arrives_and_its_states_are_called_back_signed(
    twilio: Client, phone: FlaskClient, door: StubDoor, kind: str
) -> None:
    to = f"whatsapp:{NUMBER}" if kind == "whatsapp" else NUMBER
    callback = f"{door.url}/channels/{kind}/reports"
    created = twilio.messages.create(
        from_=FROM[kind], to=to, body="ⴰⵣⵓⵍ\n1", status_callback=callback
    )
    _wait(lambda: 2 == len(door.reports))
    inbox = phone.get(f"/api/inbox?number={NUMBER}&channel={kind}").json

    assert inbox is not None
    assert [("ⴰⵣⵓⵍ\n1", created.sid)] == [(m["text"], m["id"]) for m in inbox["messages"]]
    assert ["sent", "delivered"] == [report["MessageStatus"] for report in door.reports]
    assert {created.sid} == {report["MessageSid"] for report in door.reports}
    assert "delivered" == twilio.messages(created.sid).fetch().status


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"to": "+2120"}, 400, 21211),
        ({"to": f"whatsapp:{NUMBER}"}, 400, 21211),
        ({"from_": "+212520000009"}, 400, 21606),
        ({"from_": "whatsapp:+212520000009"}, 400, 63007),
        ({"body": "x" * 1601}, 400, 21617),
        ({"body": ""}, 400, 21619),
        ({"status_callback": "nowhere"}, 400, 21609),
    ],
)
def test_a_refusal_has_the_code_of_twilio(
    twilio: Client, changed: dict[str, str], status: int, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**{"from_": FROM["sms"], "to": NUMBER, "body": "x", **changed})

    assert (status, code) == (refused.value.status, refused.value.code)


def test_a_message_nobody_created_is_not_found(twilio: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages("SM" + "0" * 32).fetch()

    assert 404 == refused.value.status


@pytest.mark.parametrize("credentials", [f"{ACCOUNT}:wrong", f"ACother:{TOKEN}", None])
def test_wrong_credentials_are_refused(phone: FlaskClient, credentials: str | None) -> None:
    encoded = base64.b64encode((credentials or "").encode()).decode()
    headers = {"Authorization": f"Basic {encoded}"} if credentials else {}
    answer = phone.post(f"{PATH}.json", data={"To": NUMBER}, headers=headers)

    assert 401 == answer.status_code
    assert {"code": 20003, "message": "Authenticate", "status": 401} == {
        key: (answer.json or {})[key] for key in ("code", "message", "status")
    }
