"""What is sent through Twilio arrives, or fails in a way that says whether to try again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, Response

from channels.providers.twilio.adapter import TwilioProvider
from channels.providers.twilio.settings import TwilioSettings
from core.errors import DeliveryRefused, DeliveryUnknown, ProviderUnavailable
from core.outgoing import Outgoing
from sandbox.phone.app import create_app
from sandbox.phone.settings import PhoneSettings
from tests.contract.channels.recordings import ACCOUNT, TOKEN
from tests.unit.sandbox.phone.door_stub import serve

NUMBER = "+212612345678"
ADDRESSES = {"whatsapp": "+212520000001", "sms": "+212520000002"}
REFUSAL = {"code": 21610, "message": "recipient unsubscribed", "status": 400}


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[str]:
    """The address of the pretend Twilio and of the phone it delivers to."""
    at = "http://127.0.0.1:1/channels"
    channels = {
        kind: {
            "kind": kind,
            "provider": "twilio",
            "dialect": None,
            "messages_url": f"{at}/{kind}/messages",
            "reports_url": f"{at}/{kind}/reports",
            "address": address,
            "secret": TOKEN,
        }
        for kind, address in ADDRESSES.items()
    }
    path = tmp_path / "channels.json"
    path.write_text(json.dumps(channels))
    with serve(create_app(PhoneSettings(channels_file=path))) as url:
        yield url


def a_sender(root: str, kind: str = "sms", **changes: Any) -> TwilioProvider:
    """A sender at a Twilio whose root is given."""
    given = {
        "kind": kind,
        "address": ADDRESSES[kind],
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "api_url": root,
    }
    return TwilioProvider(TwilioSettings.model_validate(given | changes))


def inbox(phone: str, kind: str) -> list[dict[str, Any]]:
    """What the phone received."""
    asked = {"number": NUMBER, "channel": kind}
    messages: list[dict[str, Any]] = requests.get(f"{phone}/api/inbox", asked, timeout=5).json()[
        "messages"
    ]
    return messages


@pytest.fixture
def twilio_that_says() -> Iterator[Callable[..., str]]:
    """A Twilio that answers every request the same; called with a status and a body."""
    running = []

    def start(status: int, body: Any, headers: dict[str, str] | None = None) -> str:
        app = Flask("twilio")
        text = body if isinstance(body, str) else json.dumps(body)

        @app.post("/<path:_>")
        def answer(_: str) -> Response:
            return Response(text, status, headers, content_type="application/json")

        server = serve(app)
        running.append(server)
        return server.__enter__()

    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.mark.parametrize("kind", ["whatsapp", "sms"])
def test_a_text_arrives_and_its_name_at_the_provider_is_returned(phone: str, kind: str) -> None:
    text = "واش \u20683/2\u2069 ⴰⵣⵓⵍ 👍\n1 نعم"
    sid = a_sender(f"{phone}/twilio", kind).send(Outgoing(NUMBER, text))

    assert [(sid, text)] == [(m["id"], m["text"]) for m in inbox(phone, kind)]
    assert sid.startswith("SM")


@pytest.mark.parametrize(
    ("number", "changes", "code"),
    [
        ("+2120", {}, "21211"),
        (NUMBER, {"address": "+212520000009"}, "21606"),
        (NUMBER, {"auth_token": "another-auth-token"}, "20003"),
        (NUMBER, {"account_sid": "AC" + "2" * 32, "auth_token": "x" * 32}, "20003"),
    ],
)
def test_a_message_refused_for_good_says_by_which_code(
    phone: str, number: str, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        a_sender(f"{phone}/twilio", **changes).send(Outgoing(number, "salam"))

    assert code == refused.value.code
    assert not refused.value.retryable
    assert [] == inbox(phone, "sms")


def test_a_citizen_who_unsubscribed_is_a_refusal(
    twilio_that_says: Callable[..., str],
) -> None:
    with pytest.raises(DeliveryRefused, match="21610"):
        a_sender(twilio_that_says(400, REFUSAL)).send(Outgoing(NUMBER, "salam"))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {"code": 20429, "message": "Too Many Requests", "status": 429}),
        (429, "slow down"),
        (500, {"code": 20500, "message": "Internal Server Error", "status": 500}),
        (503, "<html>maintenance</html>"),
        (502, ""),
    ],
)
def test_a_provider_that_is_throttled_or_failing_is_tried_again(
    twilio_that_says: Callable[..., str], status: int, body: Any
) -> None:
    with pytest.raises(ProviderUnavailable) as failing:
        a_sender(twilio_that_says(status, body)).send(Outgoing(NUMBER, "salam"))

    assert failing.value.retryable


def test_a_provider_that_cannot_be_reached_is_tried_again() -> None:
    with pytest.raises(ProviderUnavailable):
        a_sender("http://127.0.0.1:1").send(Outgoing(NUMBER, "salam"))


@pytest.mark.parametrize("body", ["", "not json", "[]", "null"])
def test_an_answer_that_says_nothing_of_a_message_leaves_it_open_whether_it_was_taken(
    twilio_that_says: Callable[..., str], body: str
) -> None:
    with pytest.raises(DeliveryUnknown):
        a_sender(twilio_that_says(201, body)).send(Outgoing(NUMBER, "salam"))


def test_no_failure_repeats_the_number_or_the_text(
    twilio_that_says: Callable[..., str],
) -> None:
    told = {"code": 21211, "message": f"Invalid 'To' Phone Number: {NUMBER}", "status": 400}
    with pytest.raises(DeliveryRefused) as refused:
        a_sender(twilio_that_says(400, told)).send(Outgoing(NUMBER, "salam khadija"))

    assert "21211" == str(refused.value)
    assert refused.value.__suppress_context__
