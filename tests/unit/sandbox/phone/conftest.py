"""A served stub door, and a phone that calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sandbox.phone.app import create_app
from sandbox.phone.settings import PhoneSettings
from tests.unit.sandbox.phone.door_stub import StubDoor, serve


@pytest.fixture
def door() -> Iterator[StubDoor]:
    """A stub door on a free port."""
    stub = StubDoor()
    with serve(stub.app) as url:
        stub.url = url
        yield stub


@pytest.fixture
def app(door: StubDoor, tmp_path: Path) -> Flask:
    """The phone, its channels those of the stub door; its registry does not answer."""
    path = tmp_path / "channels.json"
    path.write_text(json.dumps(door.channels()))
    return create_app(PhoneSettings(channels_file=path, registry_url="http://127.0.0.1:9"))


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    """The phone as a test client."""
    return app.test_client()
