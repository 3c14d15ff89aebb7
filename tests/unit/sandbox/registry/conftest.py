"""The sandbox registry as a test client, with a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from sandbox.registry.app import create_app
from sandbox.registry.settings import SandboxRegistrySettings


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
