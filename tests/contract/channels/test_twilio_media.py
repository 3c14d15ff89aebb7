"""Files are fetched from Twilio and from nowhere else, within a size, and deleted there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from channels.port import FileKeeper
from channels.providers.twilio.adapter import TwilioProvider
from channels.providers.twilio.settings import TwilioSettings
from core.errors import MediaRefused, ProviderUnavailable
from core.messages import Media
from sandbox.phone.app import create_app
from sandbox.phone.parcels import pack
from sandbox.phone.settings import PhoneSettings
from tests.contract.channels.recordings import ACCOUNT, TOKEN
from tests.unit.sandbox.phone.door_stub import StubDoor, serve

NUMBER = "+212612345678"
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{'0' * 32}/Media/ME{'1' * 32}"
FILE = Media(f"https://api.twilio.com{PATH}", "image/png")
MOST = 1000


def a_keeper(root: str, **changes: Any) -> TwilioProvider:
    """A sender at a Twilio whose root is given."""
    given = {
        "kind": "whatsapp",
        "address": "+212520000001",
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "api_url": root,
    }
    provider = TwilioProvider(TwilioSettings.model_validate(given | changes))
    assert isinstance(provider, FileKeeper)
    return provider


class Host:
    """A server that answers one path as a test says, and keeps what it was asked."""

    def __init__(self, answer: Callable[[], Any]) -> None:
        self.asked: list[tuple[str, str, bool]] = []
        self.app = Flask("host")
        self.app.add_url_rule("/<path:_>", "all", self._answer, methods=["GET", "DELETE"])
        self._reply = answer

    def _answer(self, _: str) -> Any:
        self.asked.append((request.method, request.path, request.authorization is not None))
        return self._reply()


@pytest.fixture
def host() -> Iterator[Callable[[Callable[[], Any]], tuple[str, Host]]]:
    """Starts servers of a test."""
    with ExitStack() as stack:

        def start(answer: Callable[[], Any]) -> tuple[str, Host]:
            made = Host(answer)
            return stack.enter_context(serve(made.app)), made

        yield start


Start = Callable[[Callable[[], Any]], tuple[str, Host]]


def test_a_file_is_fetched_with_the_token_and_deleted(tmp_path: Path) -> None:
    door = StubDoor()
    with serve(door.app) as url:
        door.url = url
        channels = door.channels()
        channels["whatsapp"] |= {"secret": TOKEN, "account_sid": ACCOUNT}
        path = tmp_path / "channels.json"
        path.write_text(json.dumps(channels))
        with serve(create_app(PhoneSettings(channels_file=path))) as phone:
            asked = {"channel": "whatsapp", "number": NUMBER, "attach": "image"}
            requests.post(f"{phone}/api/send", json=asked, timeout=5)
            # The stub knows another token; the form it refused tells where the file is.
            keeper = a_keeper(f"{phone}/twilio")
            media = Media(newest_url(phone), "image/png")
            fetched = keeper.fetch(media, MOST)
            keeper.discard(media)
            keeper.discard(media)

            assert pack("image").content == fetched
            with pytest.raises(MediaRefused, match="gone"):
                keeper.fetch(media, MOST)


def newest_url(phone: str) -> str:
    """Where the pretend Twilio keeps the newest file."""
    return str(requests.get(f"{phone}/twilio/sandbox/media", timeout=5).json()["newest"])


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        f"https://evil.example{PATH}",
        f"http://api.twilio.com{PATH}",
        f"https://api.twilio.com:8443{PATH}",
        f"https://api.twilio.com@evil.example{PATH}",
        f"https://api.twilio.com{PATH.replace(ACCOUNT, 'AC' + '2' * 32)}",
        f"https://api.twilio.com{PATH}/../../../../Keys",
        "https://api.twilio.com/2010-04-01/Accounts.json",
        f"file://api.twilio.com{PATH}",
        "",
        "http://[::1",
        f"https://api.twilio.com:99999{PATH}",
    ],
)
def test_an_address_that_is_not_of_our_files_is_never_asked(host: Start, url: str) -> None:
    root, asked = host(lambda: b"secret")
    keeper = a_keeper(root)

    with pytest.raises(MediaRefused, match="elsewhere"):
        keeper.fetch(Media(url, "image/png"), MOST)
    with pytest.raises(MediaRefused, match="elsewhere"):
        keeper.discard(Media(url, "image/png"))
    assert [] == asked.asked


def test_where_twilio_sends_us_on_to_its_own_host_the_token_stays_behind(host: Start) -> None:
    answers: Iterator[Any] = iter([redirect("/cdn/1", 307), b"content"])
    root, asked = host(lambda: next(answers))

    assert b"content" == a_keeper(root).fetch(FILE, MOST)
    assert [("GET", PATH, True), ("GET", "/cdn/1", False)] == asked.asked


@pytest.mark.parametrize("where", ["elsewhere", "named but without TLS"])
def test_where_twilio_sends_us_elsewhere_nobody_goes(host: Start, where: str) -> None:
    other, never = host(lambda: b"secret")
    root, _ = host(lambda: redirect(f"{other}/x", 302))
    hosts = "127.0.0.1" if where.startswith("named") else "mms.twiliocdn.com"

    with pytest.raises(MediaRefused, match="elsewhere"):
        a_keeper(root, media_hosts=hosts).fetch(FILE, MOST)
    assert [] == never.asked


def test_a_second_redirection_is_not_followed(host: Start) -> None:
    root, asked = host(lambda: redirect("/again", 307))

    with pytest.raises(MediaRefused, match="elsewhere"):
        a_keeper(root).fetch(FILE, MOST)
    assert 2 == len(asked.asked)


def endless() -> Answer:
    """More than anybody wants, its length not told."""
    return Response((b"x" * 500 for _ in range(10_000)), content_type="image/png")


@pytest.mark.parametrize("answer", [lambda: b"x" * (MOST + 1), endless])
def test_a_file_that_is_too_large_is_not_read_to_its_end(
    host: Start, answer: Callable[[], Any]
) -> None:
    root, _ = host(answer)

    with pytest.raises(MediaRefused, match="too_large"):
        a_keeper(root).fetch(FILE, MOST)


def test_a_file_of_the_very_size_is_taken(host: Start) -> None:
    root, _ = host(lambda: b"x" * MOST)

    assert MOST == len(a_keeper(root).fetch(FILE, MOST))


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_twilio_that_is_failing_is_asked_again(host: Start, status: int) -> None:
    root, _ = host(lambda: ("no", status))
    keeper = a_keeper(root)

    with pytest.raises(ProviderUnavailable, match=str(status)):
        keeper.fetch(FILE, MOST)
    with pytest.raises(ProviderUnavailable, match=str(status)):
        keeper.discard(FILE)


def test_a_twilio_that_is_not_there_is_asked_again() -> None:
    with pytest.raises(ProviderUnavailable):
        a_keeper("http://127.0.0.1:1").fetch(FILE, MOST)
    with pytest.raises(ProviderUnavailable):
        a_keeper("http://127.0.0.1:1").discard(FILE)


def test_a_file_that_is_gone_is_refused_and_needs_no_deleting(host: Start) -> None:
    root, _ = host(lambda: ("no", 404))

    with pytest.raises(MediaRefused, match="gone"):
        a_keeper(root).fetch(FILE, MOST)
    a_keeper(root).discard(FILE)
