"""Our client by the requirements for one: each test bears the name of what it proves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest

from actions.registry.calls import Exchange
from actions.registry.port import Registry
from actions.registry.shapes import EventKind
from core.errors import RegistryError, RegistryRefused
from tests.contract.registry import openapi, originals, witness
from tests.contract.registry.conftest import served_sandbox
from tests.contract.registry.manners import Manners
from tests.contract.registry.people import FATIMA
from tests.contract.registry.requirements import proves
from tests.contract.registry.scripted import scripted_app
from tests.contract.registry.worlds import a_client_of_oddities, served
from tests.redis_server import RedisServer

SEARCH, AT_ONCE = "/registry/search", "/registry/sync/search"
NOW = "2026-11-02T09:30:00+01:00"
Ask = Callable[[Registry], Any]


def look_up(registry: Registry) -> Any:
    """Search for somebody."""
    return registry.person(FATIMA, "fr")


def subscribe(registry: Registry) -> str:
    """Ask to be told of changes."""
    return registry.subscribe(FATIMA, (EventKind.INDEX_CHANGED,))


def unsubscribe(registry: Registry) -> None:
    """Ask to be told no more."""
    registry.unsubscribe(subscribe(registry))


class Recorded:
    """Clients of a sandbox that is called at once or later, and the calls they made."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self.calls: list[Exchange] = []

    def see(self, exchange: Exchange) -> None:
        """Keep a call, held against its descriptions too."""
        witness.hold(exchange)
        self.calls.append(exchange)

    def made(self, path: str, ask: Ask, **manner: Any) -> Exchange:
        """The call on a path that a client makes when it is asked something."""
        if path == SEARCH:
            world = self._manners.later(witness=self.see, **manner)
        else:
            world = self._manners.usual(witness=self.see, **manner)
        ask(world.registry)
        return next(call for call in reversed(self.calls) if call.path == path)


@pytest.fixture(scope="module")
def recorded(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer
) -> Iterator[Recorded]:
    """Those of this module."""
    with ExitStack() as stack:
        make = tmp_path_factory.mktemp
        yield Recorded(Manners(stack, make, redis_server.url, served_sandbox))


@pytest.mark.parametrize(
    ("path", "ask", "action"),
    [
        proves("SP-CORE-CL-SEARCH-01", SEARCH, look_up, "search"),
        proves("SP-CORE-CL-SUBSCRIBE-01", "/registry/subscribe", subscribe, "subscribe"),
        proves("SP-CORE-CL-UNSUBSCRIBE-01", "/registry/unsubscribe", unsubscribe, "unsubscribe"),
        proves("SP-CORE-CL-SYNC-SEARCH-01", AT_ONCE, look_up, "search"),
    ],
)
def test_what_is_sent_is_valid(recorded: Recorded, path: str, ask: Ask, action: str) -> None:
    call = recorded.made(path, ask)
    message = json.loads(call.sent)

    assert {"header", "message"} <= set(message)
    assert action == message["header"]["action"]
    assert [] == openapi.faults_of_request(call) + originals.faults_of(call)


def header_of(call: Exchange) -> dict[str, Any]:
    """The header of the message of a call."""
    header: dict[str, Any] = json.loads(call.sent)["header"]
    return header


def is_address(text: str) -> bool:
    """Whether a text is an address that can be called."""
    return urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).hostname)


@pytest.mark.parametrize(
    "holds",
    [
        proves(
            "SP-SEC-CL-AUTH-01", lambda call: call.headers["Authorization"].startswith("Bearer ey")
        ),
        proves(
            "SP-CORE-CL-CONTENTTYPE-01",
            lambda call: "application/json" == call.headers["Content-Type"],
        ),
        proves("SP-CORE-CL-HEADER-VERSION-01", lambda call: "1.0.0" == header_of(call)["version"]),
        proves("SP-CORE-CL-HEADER-SENDERID-01", lambda call: header_of(call)["sender_id"].strip()),
        proves(
            "SP-CORE-CL-HEADER-RECEIVERID-01", lambda call: header_of(call)["receiver_id"].strip()
        ),
        proves(
            "SP-CORE-CL-HEADER-SENDERURI-01", lambda call: is_address(header_of(call)["sender_uri"])
        ),
        proves(
            "SP-CORE-CL-MSG-TXNID-01",
            lambda call: 0 < len(json.loads(call.sent)["message"]["transaction_id"]) <= 99,
        ),
    ],
)
def test_a_call_says_who_asks_and_where_to_answer(
    recorded: Recorded, holds: Callable[[Exchange], Any]
) -> None:
    assert holds(recorded.made(SEARCH, look_up))


@pytest.mark.parametrize(
    "query",
    [
        proves("SP-CORE-CL-QUERY-IDTYPE-01", "idtype-value"),
        proves("SP-CORE-CL-QUERY-EXPRESSION-01", "expression"),
        proves("SP-CORE-CL-QUERY-PREDICATE-01", "predicate"),
    ],
)
def test_each_kind_of_query_can_be_sent(recorded: Recorded, query: str) -> None:
    call = recorded.made(SEARCH, look_up, registry_query=query)
    [item] = json.loads(call.sent)["message"]["search_request"]

    assert query == item["search_criteria"]["query_type"]
    assert "ACK" == json.loads(call.received)["message"]["ack_status"]


def acknowledged(status: str, **error: str) -> dict[str, Any]:
    """An acknowledgement of any call."""
    told: dict[str, Any] = {"ack_status": status, "timestamp": NOW, "correlation_id": "c-1"}
    return {"message": told | ({"error": error} if error else {})}


@pytest.mark.parametrize("status", [proves("SP-CORE-CL-SEARCH-ACK-01", "ACK")])
def test_an_acknowledgement_is_accepted(recorded: Recorded, status: str) -> None:
    call = recorded.made(SEARCH, look_up)

    assert status == json.loads(call.received)["message"]["ack_status"]
    with served(scripted_app(200, acknowledged(status))) as url:
        assert "c-1" == subscribe(a_client_of_oddities(url))


@pytest.mark.parametrize("status", [proves("SP-CORE-CL-SEARCH-ERR-01", "ERR")])
def test_a_refusal_is_an_error_of_ours_and_no_crash(status: str) -> None:
    told = acknowledged(status, code="err.request.forbidden", message="no")
    with (
        served(scripted_app(200, told)) as url,
        pytest.raises(RegistryError) as refused,
    ):
        subscribe(a_client_of_oddities(url))

    assert isinstance(refused.value, RegistryRefused)
    assert "err.request.forbidden" == refused.value.reason
