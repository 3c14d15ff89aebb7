"""Every test that takes `world` runs against the registry in memory and the one over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from sandbox.registry.app import create_app
from sandbox.registry.seed import make_population
from sandbox.registry.settings import SandboxRegistrySettings
from tests.contract.registry import manners
from tests.contract.registry.openapi import watch
from tests.contract.registry.suite import Suite
from tests.contract.registry.witness import FAULTS
from tests.contract.registry.worlds import (
    CODE_LIFE_SECONDS,
    PretendWorld,
    SpdciWorld,
    World,
    inbox_app,
    served,
)
from tests.redis_server import RedisServer


@dataclass(frozen=True)
class Sandbox:
    """A served sandbox registry and the SMS it sent."""

    url: str
    inbox: list[dict[str, str]]


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Every exchange of a client keeps to its description, in every test."""
    FAULTS.clear()
    yield
    assert [] == FAULTS


@contextmanager
def served_sandbox(folder: Path, **changes: Any) -> Iterator[Sandbox]:
    """A sandbox registry with a database of its own, whose counter keeps to its description."""
    inbox: list[dict[str, str]] = []
    with served(inbox_app(inbox)) as phone_url:
        app = create_app(
            SandboxRegistrySettings(
                log_level="INFO",
                registry_database_url=f"sqlite:///{folder / 'registry.db'}",
                registry_client_id="twiza",
                registry_client_secret=SecretStr("secret-of-tests"),
                sms_url=f"{phone_url}/api/deliver",
                code_life_seconds=CODE_LIFE_SECONDS,
                **changes,
            )
        )
        faults: list[str] = []
        watch(app, faults, "/counter/v1")
        with served(app) as url:
            yield Sandbox(url, inbox)
            app.extensions["registry_poster"].stop()
        app.extensions["registry_database"].close()
    assert [] == faults


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox registry for the run."""
    with served_sandbox(tmp_path_factory.mktemp("registry")) as sandbox:
        yield sandbox


@pytest.fixture(params=["pretend", "spdci"])
def world(request: pytest.FixtureRequest) -> World:
    """A registry whose count of sent codes begins at none where the test sends any."""
    if request.param == "pretend":
        return PretendWorld()
    sandbox: Sandbox = request.getfixturevalue("sandbox")
    world = SpdciWorld(sandbox.url, sandbox.inbox)
    if "transaction" in request.fixturenames:
        world.advance(3600)
    return world


@pytest.fixture(scope="session")
def opened_manners(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer
) -> Iterator[manners.Manners]:
    """Every manner of speaking to a registry, for the run."""
    with manners.opened(tmp_path_factory.mktemp, redis_server.url, served_sandbox) as known:
        yield known


@pytest.fixture(params=manners.ALL)
def any_world(request: pytest.FixtureRequest, opened_manners: manners.Manners) -> World:
    """A registry in each manner; nothing is handed in to it."""
    return opened_manners.world(request.param)


@pytest.fixture(params=["pretend", "spdci"])
def untouched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A registry that no test has handed anything in to."""
    if request.param == "pretend":
        yield PretendWorld()
        return
    with served_sandbox(tmp_path) as sandbox:
        yield SpdciWorld(sandbox.url, sandbox.inbox)


@pytest.fixture(scope="session")
def households() -> Iterator[str]:
    """Somebody of each synthetic household of three or more, nobody twice."""
    population = make_population(datetime.now(UTC).date())
    large = {row["code"] for row in population.households if row["size"] >= 3}
    heads = {
        row["household_code"]: row["idcs"]
        for row in reversed(population.people)
        if row["household_code"] in large
    }
    told = {row["household_code"] for row in population.people if row["summary"]}
    return iter([idcs for code, idcs in heads.items() if code not in told])


@pytest.fixture
def somebody(households: Iterator[str]) -> str:
    """Somebody whom no other test asks about."""
    return next(households)


@pytest.fixture
def another(households: Iterator[str]) -> str:
    """Somebody else, of another household."""
    return next(households)


@pytest.fixture
def transaction() -> str:
    """The name of one verification."""
    return uuid.uuid4().hex


@pytest.fixture(scope="session", params=["", "/namespace/v1.0.0"], ids=["root", "base path"])
def served_suite(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Suite]:
    """A sandbox registry, called at its root and at a base path, that calls back."""
    folder = tmp_path_factory.mktemp("conformance")
    app = create_app(
        SandboxRegistrySettings(
            log_level="INFO",
            registry_database_url=f"sqlite:///{folder / 'registry.db'}",
            registry_client_id="twiza",
            registry_client_secret=SecretStr("secret-of-tests"),
            base_path=request.param,
            notify_retry_seconds=0.02,
        )
    )
    with served(app) as url:
        suite = Suite(url, request.param)
        with served(suite.app()) as own:
            suite.own_url = own
            yield suite
            app.extensions["registry_poster"].stop()
    app.extensions["registry_database"].close()


@pytest.fixture
def suite(served_suite: Suite) -> Iterator[Suite]:
    """The same; every answer is as it is described."""
    served_suite.faults.clear()
    yield served_suite
    assert [] == served_suite.faults
