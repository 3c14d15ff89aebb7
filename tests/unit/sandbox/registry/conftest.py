"""The sandbox registry as a test client, with a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from sandbox.registry.app import create_app
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.settings import SandboxRegistrySettings
from tests.unit.sandbox.registry.living import BEGIN


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The registry; its SMS are delivered to a closed port."""
    app = create_app(
        SandboxRegistrySettings(
            log_level="INFO",
            registry_database_url=f"sqlite:///{tmp_path}/registry.db",
            registry_client_id="twiza",
            registry_client_secret=SecretStr("secret-of-tests"),
            sms_url="http://127.0.0.1:9/api/deliver",
            code_life_seconds=300,
        )
    )
    yield app
    app.extensions["registry_database"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who has no token."""
    return app.test_client()


@pytest.fixture
def bearer(client: FlaskClient) -> dict[str, str]:
    """The header of a client that has one."""
    form = {
        "grant_type": "client_credentials",
        "client_id": "twiza",
        "client_secret": "secret-of-tests",
    }
    token = client.post("/oauth2/client/token", data=form).get_json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def on_a_day() -> Iterator[None]:
    """The machine's clock stands still, at noon of one day."""
    with time_machine.travel(f"{BEGIN}T12:00:00+00:00", tick=False):
        yield


@pytest.fixture
def make(tmp_path: Path, on_a_day: None) -> Iterator[Callable[..., RegistryDatabase]]:
    """Makes registries, as of that day."""
    made: list[RegistryDatabase] = []

    def make(**given: Any) -> RegistryDatabase:
        made.append(RegistryDatabase(f"sqlite:///{tmp_path}/{len(made)}.db", **given))
        return made[-1]

    yield make
    for database in made:
        database.close()


@pytest.fixture
def registry(make: Callable[..., RegistryDatabase]) -> RegistryDatabase:
    """A registry, as of that day."""
    return make()
