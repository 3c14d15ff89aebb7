"""Twilio's library, pointed at the pretend provider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from sandbox.phone.app import create_app
from sandbox.phone.settings import PhoneSettings
from tests.unit.sandbox.phone.door_stub import TOKEN, StubDoor, serve

ACCOUNT = "AC" + "1" * 32


class Rewritten(TwilioHttpClient):
    """Twilio's HTTP client, its base URLs alone changed."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self._root = root

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """Make the call at the pretend provider."""
        for theirs in ("https://api.twilio.com", "https://content.twilio.com"):
            url = url.replace(theirs, self._root)
        return super().request(method, url, *args, **kwargs)


@pytest.fixture
def door() -> Iterator[StubDoor]:
    """A stub door that takes status callbacks."""
    stub = StubDoor()
    with serve(stub.app) as url:
        stub.url = url
        yield stub


@pytest.fixture
def phone(door: StubDoor, tmp_path: Path) -> Iterator[FlaskClient]:
    """The phone with the pretend provider, served under `phone.url` of its environment too."""
    path = tmp_path / "channels.json"
    path.write_text(json.dumps(door.channels()))
    app = create_app(PhoneSettings(channels_file=path))
    with serve(app) as url:
        client = app.test_client()
        client.environ_base["phone.url"] = url
        yield client


@pytest.fixture
def twilio(phone: FlaskClient) -> Client:
    """Twilio's library, pointed at the pretend provider."""
    root = f"{phone.environ_base['phone.url']}/twilio"
    return Client(ACCOUNT, TOKEN, http_client=Rewritten(root))
