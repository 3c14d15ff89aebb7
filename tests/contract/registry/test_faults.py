"""A registry down, slow or gone mid-way: told in our errors, in time, with nothing of a person."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3.util.connection
from flask import Flask, Response, request

from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryRefused, RegistryTimeout, RegistryUnavailable, ServiceError
from tests.contract.registry import people
from tests.contract.registry.conftest import Sandbox
from tests.contract.registry.operations import (
    ADDRESS,
    CODE,
    OPERATIONS,
    REFERENCE,
    WORDS,
    Operation,
)
from tests.contract.registry.scripted import (
    TOKEN_ANSWER,
    Stopwatch,
    raw_listener,
    scripted_app,
)
from tests.contract.registry.worlds import World, client_settings, served

ANSWER_SECONDS = 0.2
HALF_AN_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> Operation:
    """Each operation of the port."""
    return OPERATIONS[request.param]


def a_hasty_client(url: str) -> SpdciRegistry:
    """A client that waits a short while only."""
    return SpdciRegistry(client_settings(url, registry_timeout_seconds=ANSWER_SECONDS))


def test_an_unreachable_registry_is_told_as_such(world: World, operation: Operation) -> None:
    world.break_down()

    with pytest.raises(RegistryUnavailable):
        operation(world.registry)


@pytest.mark.parametrize("before", [(), (TOKEN_ANSWER,)], ids=["token", "answer"])
def test_a_silent_registry_times_out_in_time(
    operation: Operation, before: tuple[tuple[bytes, ...], ...]
) -> None:
    with raw_listener(*before, ()) as (url, _):
        watch = Stopwatch()
        with pytest.raises(RegistryTimeout):
            operation(a_hasty_client(url))

        assert watch.lap() < ANSWER_SECONDS + 1


def test_an_answer_that_trickles_times_out_in_time() -> None:
    trickle = (HALF_AN_ANSWER, *[b" "] * 100)
    with raw_listener(TOKEN_ANSWER, trickle, pause=0.1) as (url, _):
        watch = Stopwatch()
        with pytest.raises(RegistryTimeout):
            a_hasty_client(url).person(people.FATIMA, "fr")

        assert watch.lap() < ANSWER_SECONDS + 1.2


def test_a_connection_lost_half_way_is_not_repeated(operation: Operation) -> None:
    with raw_listener(TOKEN_ANSWER, (HALF_AN_ANSWER,)) as (url, received):
        with pytest.raises(RegistryUnavailable):
            operation(a_hasty_client(url))

        assert 2 == len(received)


def test_a_connection_that_did_not_come_about_is_tried_once_more(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = urllib3.util.connection.create_connection
    refusals = iter([ConnectionRefusedError(111, "refused")])

    def refuse_once(*given: Any, **named: Any) -> Any:
        for refusal in refusals:
            raise refusal
        return connect(*given, **named)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", refuse_once)
    registry = SpdciRegistry(client_settings(sandbox.url))

    assert registry.person(people.FATIMA, "fr") is not None


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        (500, RegistryUnavailable, "http.500"),
        (503, RegistryUnavailable, "http.503"),
        (429, RegistryUnavailable, "http.429"),
        (400, RegistryRefused, "http.400"),
        (403, RegistryRefused, "http.403"),
        (404, RegistryRefused, "http.404"),
    ],
)
def test_an_http_status_becomes_one_of_our_errors(
    operation: Operation, status: int, error: type[Exception], reason: str
) -> None:
    with served(scripted_app(status, {})) as url, pytest.raises(error) as raised:
        operation(SpdciRegistry(client_settings(url)))

    assert reason == str(raised.value)


@pytest.mark.parametrize("status", [200, 400, 500])
def test_no_error_shows_who_was_asked_about(operation: Operation, status: int) -> None:
    secrets = (people.FATIMA, CODE, REFERENCE, ADDRESS, WORDS)
    app = scripted_app(status, [*secrets])
    with served(app) as url, pytest.raises(ServiceError) as raised:
        operation(a_hasty_client(url))

    told = "".join(traceback.format_exception(raised.value))
    assert [] == [secret for secret in secrets if secret in told.replace("test_faults", "")]


@pytest.fixture
def tokens() -> Iterator[tuple[str, list[str]]]:
    """A registry that refuses its first token, and the tokens it was shown."""
    shown: list[str] = []
    app = Flask("tokens")

    @app.post("/oauth2/client/token")
    def token() -> dict[str, Any]:
        return {"access_token": f"token-{len(shown)}", "expires_in": 600}

    @app.post("/registry/sync/search")
    def search() -> Response:
        shown.append(request.headers["Authorization"])
        refused = shown[-1] == "Bearer token-0"
        return Response("{}", 401 if refused else 503, content_type="application/json")

    with served(app) as url:
        yield url, shown


def test_a_token_that_is_refused_is_replaced_and_then_kept(tokens: tuple[str, list[str]]) -> None:
    url, shown = tokens
    registry = SpdciRegistry(client_settings(url))

    for _ in range(2):
        with pytest.raises(RegistryUnavailable):
            registry.person(people.FATIMA, "fr")

    assert ["Bearer token-0", "Bearer token-1", "Bearer token-1"] == shown


def test_a_wrong_client_secret_is_told_as_a_refusal(sandbox: Sandbox) -> None:
    registry = SpdciRegistry(client_settings(sandbox.url, registry_client_secret="wrong-secret"))

    with pytest.raises(RegistryRefused) as refused:
        registry.person(people.FATIMA, "fr")

    assert "http.401" == refused.value.reason
