"""Every test that takes `world` runs against the registry in memory and the one over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from sandbox.registry.app import create_app
from sandbox.registry.settings import SandboxRegistrySettings
from tests.contract.registry.worlds import (
    CODE_LIFE_SECONDS,
    PretendWorld,
    SpdciWorld,
    World,
    inbox_app,
    served,
)


@dataclass(frozen=True)
class Sandbox:
    """A served sandbox registry and the SMS it sent."""

    url: str
    inbox: list[dict[str, str]]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox registry for the run, with a database of its own."""
    database: Path = tmp_path_factory.mktemp("registry") / "registry.db"
    inbox: list[dict[str, str]] = []
    with served(inbox_app(inbox)) as phone_url:
        app = create_app(
            SandboxRegistrySettings(
                log_level="INFO",
                registry_database_url=f"sqlite:///{database}",
                registry_client_id="twiza",
                registry_client_secret=SecretStr("secret-of-tests"),
                sms_url=f"{phone_url}/api/deliver",
                code_life_seconds=CODE_LIFE_SECONDS,
            )
        )
        with served(app) as url:
            yield Sandbox(url, inbox)
        app.extensions["registry_database"].close()


@pytest.fixture(params=["pretend", "spdci"])
def world(request: pytest.FixtureRequest) -> World:
    """A registry whose count of sent codes begins at none."""
    if request.param == "pretend":
        return PretendWorld()
    sandbox: Sandbox = request.getfixturevalue("sandbox")
    world = SpdciWorld(sandbox.url, sandbox.inbox)
    world.advance(3600)
    return world


@pytest.fixture
def transaction() -> str:
    """The name of one verification."""
    return uuid.uuid4().hex
