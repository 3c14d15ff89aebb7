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
from tests.contract.registry.worlds import World, a_client, a_client_of_oddities, served

ANSWER_SECONDS = 0.2
# A code is sent or used up by a call, and a subscription made; no second one may come of it. A
# document is large, and asked about before it goes again.
NEVER_TWICE = ("send_code", "confirm_code", "subscribe", "submit_document")
HALF_AN_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> Operation:
    """Each operation of the port."""
    return OPERATIONS[request.param]


def a_hasty_client(url: str) -> SpdciRegistry:
    """A client that waits a short while only."""
    return a_client_of_oddities(
        url,
        registry_timeout_seconds=ANSWER_SECONDS,
        registry_call_seconds=ANSWER_SECONDS + 1,
        registry_document_seconds=ANSWER_SECONDS,
    )


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


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_connection_lost_half_way_is_repeated_only_where_that_is_safe(name: str) -> None:
    with raw_listener(TOKEN_ANSWER, (HALF_AN_ANSWER,)) as (url, received):
        with pytest.raises(RegistryUnavailable):
            OPERATIONS[name](a_hasty_client(url))

        calls = len(received) - 1
        assert (1 if name in NEVER_TWICE else 2) == calls


@pytest.fixture
def failing() -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """A registry that fails each call, and the key and body of each that it was sent."""
    seen: list[tuple[str, dict[str, Any]]] = []
    app = Flask("failing")

    @app.post("/oauth2/client/token")
    def token() -> dict[str, Any]:
        return {"access_token": "token", "token_type": "Bearer", "expires_in": 600}

    @app.post("/<path:_>")
    def fail(_: str) -> tuple[dict[str, Any], int]:
        seen.append((request.headers.get("Idempotency-Key", ""), request.get_json()))
        return {"errors": []}, 503

    with served(app) as url:
        yield url, seen


def test_what_is_handed_in_again_has_its_key_again(failing: Any) -> None:
    url, seen = failing
    with pytest.raises(RegistryUnavailable):
        OPERATIONS["submit_application"](a_client_of_oddities(url))

    first, again = seen
    assert first[0]
    assert first == again


def test_a_message_that_is_sent_again_has_a_name_of_its_own(failing: Any) -> None:
    url, seen = failing
    with pytest.raises(RegistryUnavailable):
        OPERATIONS["person"](a_client_of_oddities(url))

    (_, first), (_, again) = seen
    assert first["message"] == again["message"]
    assert first["header"]["message_id"] != again["header"]["message_id"]


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
    registry = a_client(sandbox.url)

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
        operation(a_client_of_oddities(url))

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
    registry = a_client_of_oddities(url)

    for _ in range(2):
        with pytest.raises(RegistryUnavailable):
            registry.person(people.FATIMA, "fr")

    assert ["Bearer token-0", "Bearer token-1", "Bearer token-1"] == shown[:3]
    assert {"Bearer token-1"} == set(shown[1:])


def test_a_wrong_client_secret_is_told_as_a_refusal(sandbox: Sandbox) -> None:
    registry = a_client(sandbox.url, registry_client_secret="wrong-secret")

    with pytest.raises(RegistryRefused) as refused:
        registry.person(people.FATIMA, "fr")

    assert "http.401" == refused.value.reason
