"""The phone's JSON interface performs the webhooks and keeps the inboxes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify
from flask.testing import FlaskClient

from sandbox.phone.app import create_app
from sandbox.phone.settings import PhoneSettings
from tests.unit.sandbox.phone.door_stub import MENU, SECRET, TOKEN, StubDoor, serve

NUMBER = "+212612345678"


def _send(phone: FlaskClient, channel: str, text: str, **more: Any) -> dict[str, Any]:
    asked = {"channel": channel, "number": NUMBER, "text": text, **more}
    answer = phone.post("/api/send", json=asked)
    assert 200 == answer.status_code, answer.text
    return dict(answer.json or {})


def test_a_ussd_call_goes_on_under_its_session(phone: FlaskClient, door: StubDoor) -> None:
    dialled = _send(phone, "ussd", "*555#")
    pressed = _send(phone, "ussd", "1", session=dialled["session"])
    ended = _send(phone, "ussd", "9", session=dialled["session"])

    assert f"CON {MENU}\n()" == dialled["raw"]
    assert [f"{MENU}\n(1)"] == pressed["messages"]
    assert [True, True, False] == [dialled["open"], pressed["open"], ended["open"]]
    assert ["", "1", "1*9"] == [hop["text"] for hop in door.hops]


def test_a_code_typed_inside_its_session_is_an_input(phone: FlaskClient, door: StubDoor) -> None:
    dialled = _send(phone, "ussd", "*555*2#")
    _send(phone, "ussd", "*3#", session=dialled["session"])

    assert ["2", "2**3#"] == [hop["text"] for hop in door.hops]


def test_a_call_may_be_cancelled(phone: FlaskClient, door: StubDoor) -> None:
    dialled = _send(phone, "ussd", "*555#")
    cancelled = _send(phone, "ussd", "", session=dialled["session"], action="cancel")

    assert not cancelled["open"]
    assert "Incomplete" == door.reports[0]["status"]


def test_an_input_without_a_session_is_refused(phone: FlaskClient) -> None:
    asked = {"channel": "ussd", "number": NUMBER, "text": "1", "session": "gone"}

    assert 409 == phone.post("/api/send", json=asked).status_code


@pytest.mark.parametrize("channel", ["ussd", "whatsapp"])
def test_a_fixed_message_id_repeats_the_delivery(
    phone: FlaskClient, door: StubDoor, channel: str
) -> None:
    opened = _send(phone, channel, "*555#")
    for _ in range(2):
        _send(phone, channel, "5", session=opened["session"], message_id="SM5")

    received = door.hops if channel == "ussd" else door.said
    assert 3 == len(received)
    assert received[1] == received[2]


def test_a_chat_fills_the_inbox_of_the_number_in_any_written_form(phone: FlaskClient) -> None:
    sent = _send(phone, "whatsapp", "salam")
    inbox = phone.get("/api/inbox?number=06 12 34 56 78&channel=whatsapp").json

    assert inbox is not None
    assert ["sent", "received"] == [message["direction"] for message in inbox["messages"]]
    assert sent["messages"] == [inbox["messages"][1]["text"]]
    assert [NUMBER, "+212520000001"] == [inbox["messages"][0][end] for end in ("from", "to")]
    assert {"channel", "direction", "from", "to", "text", "at", "id", "choices", "attached"} == set(
        inbox["messages"][0]
    )


@pytest.mark.parametrize(
    ("kind", "message_type", "content_type"),
    [
        ("image", "image", "image/png"),
        ("pdf", "document", "application/pdf"),
        ("voice", "audio", "audio/ogg"),
        ("contact", "contacts", "text/vcard"),
        ("sticker", "sticker", "image/webp"),
    ],
)
def test_a_file_is_sent_as_twilio_tells_of_one(
    phone: FlaskClient, door: StubDoor, kind: str, message_type: str, content_type: str
) -> None:
    told = phone.post("/api/send", json={"channel": "whatsapp", "number": NUMBER, "attach": kind})
    said = door.said[0]
    inbox = phone.get(f"/api/inbox?number={NUMBER}").json

    assert 200 == told.status_code
    assert ("1", message_type, content_type) == (
        said["NumMedia"],
        said["MessageType"],
        said["MediaContentType0"],
    )
    assert said["MediaUrl0"].startswith(
        f"https://api.twilio.com/2010-04-01/Accounts/{said['AccountSid']}/Messages/MM"
    )
    assert inbox is not None
    assert kind == inbox["messages"][0]["attached"]


def test_a_choice_is_tapped_with_the_fields_of_its_kind(phone: FlaskClient, door: StubDoor) -> None:
    for kind in ("quick", "list"):
        tapped = {"kind": kind, "id": "0123abcd.1"}
        asked = {"channel": "whatsapp", "number": NUMBER, "text": "Oui", "tap": tapped}
        assert 200 == phone.post("/api/send", json=asked).status_code

    quick, listed = door.said
    assert ("Oui", "Oui", "0123abcd.1") == (
        quick["Body"],
        quick["ButtonText"],
        quick["ButtonPayload"],
    )
    assert ("Oui", "0123abcd.1") == (listed["ListTitle"], listed["ListId"])


def test_a_user_without_a_number_is_known_by_an_id(phone: FlaskClient, door: StubDoor) -> None:
    user = "MA.1502576394655843"
    asked = {"channel": "whatsapp", "number": user, "text": "salam"}

    assert 200 == phone.post("/api/send", json=asked).status_code
    assert (f"whatsapp:{user}", user, "") == (
        door.said[0]["From"],
        door.said[0]["ExternalUserId"],
        door.said[0]["WaId"],
    )


@pytest.mark.parametrize("asked", [{"attach": "fax"}, {"attach": "image", "content": "é"}])
def test_what_cannot_be_sent_is_refused(phone: FlaskClient, asked: dict[str, str]) -> None:
    told = phone.post("/api/send", json={"channel": "whatsapp", "number": NUMBER} | asked)

    assert 400 == told.status_code


def test_an_operator_delivers_an_sms(phone: FlaskClient) -> None:
    told = phone.post("/api/deliver", json={"from": "RNP", "to": "0612345678", "text": "123456"})
    inbox = phone.get("/api/inbox?number=+212612345678").json

    assert 201 == told.status_code
    assert inbox is not None
    assert [("sms", "RNP", "123456")] == [
        (message["channel"], message["from"], message["text"]) for message in inbox["messages"]
    ]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"channel": "ussd", "number": "12", "text": ""}, 400),
        ({"channel": "ussd", "number": NUMBER, "text": 5}, 400),
        ({"channel": "fax", "number": NUMBER, "text": ""}, 404),
        ([], 400),
    ],
)
def test_a_wrong_request_is_refused_in_json(phone: FlaskClient, asked: Any, status: int) -> None:
    answer = phone.post("/api/send", json=asked)

    assert status == answer.status_code
    assert "error" in (answer.json or {})


def test_channels_are_told_without_their_secrets(phone: FlaskClient) -> None:
    told = phone.get("/api/channels").text

    assert "*555#" in told
    assert SECRET not in told
    assert TOKEN not in told


def test_the_phone_is_healthy_before_the_channels_are_known(tmp_path: Path, door: StubDoor) -> None:
    path = tmp_path / "channels.json"
    phone = create_app(PhoneSettings(channels_file=path)).test_client()
    asked = {"channel": "ussd", "number": NUMBER, "text": "*555#"}
    before = phone.post("/api/send", json=asked).status_code
    path.write_text(json.dumps({"channels": door.channels()}))

    assert 200 == phone.get("/health").status_code
    assert 503 == before
    assert 200 == phone.post("/api/send", json=asked).status_code


def test_demo_people_come_from_the_registry_and_are_nobody_without_it(
    phone: FlaskClient, tmp_path: Path
) -> None:
    registry = Flask("registry")
    person = {"idcs": "2345678901", "phone": None, "language": "zgh"}
    registry.get("/sandbox/citizens")(lambda: jsonify([person]))
    with serve(registry) as url:
        settings = PhoneSettings(channels_file=tmp_path / "none.json", registry_url=url)
        told = create_app(settings).test_client().get("/api/citizens").json

    assert {"citizens": [person]} == told
    assert {"citizens": []} == phone.get("/api/citizens").json


@pytest.mark.parametrize(
    ("language", "direction"), [("fr", "ltr"), ("ar", "rtl"), ("zgh", "ltr"), ("en", "ltr")]
)
def test_the_page_is_written_in_the_asked_language(
    phone: FlaskClient, language: str, direction: str
) -> None:
    page = phone.get(f"/?lang={language}")

    assert f'<html lang="{language}" dir="{direction}"' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text
    assert "style=" not in page.text
