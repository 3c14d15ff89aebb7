"""A call is read and answered whatever it is, and tells nothing of itself to the log."""

from __future__ import annotations

import io
import traceback
from types import SimpleNamespace
from typing import cast

import pytest
from flask import Flask
from werkzeug.test import Client

from channels.calls import Calls
from channels.conversation import Conversations
from channels.front import Front
from channels.port import Provider, WebhookAnswer, WebhookCall
from channels.webhooks import Webhooks
from core.errors import BadSignature, StoreUnavailable
from core.headers import HEADERS, guard
from core.messages import ChannelKind

SECRET = "a-secret-of-the-gateway"


class Answers:
    """A provider that answers as it is told: with an answer, or by a fault."""

    kind = ChannelKind.USSD
    capabilities = None

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.said = WebhookAnswer("né", "text/plain; charset=utf-8", 201, {"X-Own": "1"})
        self.calls: list[WebhookCall] = []

    def verify(self, call: WebhookCall) -> None:
        """See `port.Provider`."""
        self.calls.append(call)
        if self.fault is not None:
            raise self.fault

    def read(self, call: WebhookCall) -> None:
        """See `port.Provider`."""

    def answer(self, call: WebhookCall, texts: object, is_open: bool) -> WebhookAnswer:
        """See `port.Provider`."""
        return self.said


class NoInbound:
    """Calls of which none brings a message."""

    def complete(self, *given: object) -> None:
        """See `calls.Calls`."""


@pytest.fixture
def provider() -> Answers:
    return Answers()


@pytest.fixture
def client(provider: Answers) -> Client:
    """Calls an app whose one channel is named `ussd`."""
    app = Flask("addresses")
    unused = cast("Conversations", None), cast("Calls", NoInbound()), cast("Front", None)
    channels = {"ussd": cast("Provider", provider)}
    addresses = Webhooks(app.wsgi_app, channels, *unused, "https://door.example/")
    app.wsgi_app = addresses  # type: ignore[assignment, method-assign]
    guard(app)
    return Client(app)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is logged, with the traceback that goes with it."""
    kept: list[str] = []

    def keep(event: str, **named: object) -> None:
        kept.append(f"{event} {named} {traceback.format_exc()}")

    own = SimpleNamespace(info=keep, warning=keep, error=keep, exception=keep)
    monkeypatch.setattr("channels.webhooks._LOG", own)
    return kept


def test_what_a_provider_answers_goes_out_as_it_is(client: Client) -> None:
    answer = client.post("/channels/ussd/messages")

    assert (201, "né") == (answer.status_code, answer.text)
    assert ("text/plain; charset=utf-8", "3") == (
        answer.content_type,
        answer.headers["Content-Length"],
    )
    assert "1" == answer.headers["X-Own"]
    assert HEADERS.items() <= dict(answer.headers).items()


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_of_a_status_without_a_body_has_none(
    client: Client, provider: Answers, status: int
) -> None:
    provider.said = WebhookAnswer("text", status=status)
    answer = client.post("/channels/ussd/messages")

    assert (status, b"") == (answer.status_code, answer.data)
    assert not {"Content-Type", "Content-Length"} & set(answer.headers.keys())


def test_what_describes_the_body_is_said_once(client: Client, provider: Answers) -> None:
    provider.said = WebhookAnswer("text", "text/xml", headers={"content-type": "a/b"})
    answer = client.post("/channels/ussd/messages")

    assert ["text/xml"] == answer.headers.getlist("Content-Type")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_call_is_handed_over_with_its_public_address_and_all_it_brings(
    client: Client, provider: Answers, method: str
) -> None:
    client.open(
        "/channels/ussd/messages/s%C3%A9ance/1?a=%C3%A9",
        method=method,
        data=b"b=2",
        content_type="application/x-www-form-urlencoded",
        headers={"X-Own": "3"},
    )
    call = provider.calls[0]

    assert "https://door.example/channels/ussd/messages/séance/1?a=%C3%A9" == call.url
    assert (method, "séance/1", b"b=2") == (call.method, call.tail, call.body)
    assert ("é", "2", "3") == (call.query["a"], call.form["b"], call.headers["X-Own"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/channels/ussd/messages"),
        ("GET", "/channels/ussd/reports"),
        ("POST", "/channels/ussd/messages/"),
        ("POST", "/channels/ussd/messages//1"),
        ("POST", "/channels/ussd/reports/1"),
        ("POST", "/channels/ussd/messagesx"),
        ("POST", "/channels/a/b/messages"),
        ("POST", "/channels//messages"),
        ("POST", "/x/channels/ussd/messages"),
    ],
)
def test_what_is_no_address_of_a_channel_is_not_found_and_asked_of_no_provider(
    client: Client, provider: Answers, method: str, path: str
) -> None:
    assert 404 == client.open(path, method=method).status_code
    assert [] == provider.calls


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        (BadSignature("a wrong secret"), 403, "a wrong secret"),
        (StoreUnavailable("Redis does not answer"), 503, "try again later"),
        (ZeroDivisionError(SECRET), 500, "try again later"),
    ],
)
def test_every_fault_has_its_status_and_none_tells_the_address_to_the_log(
    client: Client, provider: Answers, logged: list[str], fault: Exception, status: int, text: str
) -> None:
    provider.fault = fault
    answer = client.post(f"/channels/ussd/messages?secret={SECRET}&number=212612345678")

    assert (status, text) == (answer.status_code, answer.text)
    assert answer.content_type.startswith("text/plain")
    assert 1 == len(logged)
    assert logged[0].startswith("webhook_")
    assert not [hidden for hidden in ("secret=", "212612345678") if hidden in logged[0]]


def test_a_body_that_breaks_off_is_refused(client: Client, provider: Answers) -> None:
    cut = {"wsgi.input": io.BytesIO(b"text"), "CONTENT_LENGTH": "9"}
    answer = client.post("/channels/ussd/messages", environ_overrides=cut)

    assert 400 == answer.status_code
    assert [] == provider.calls
