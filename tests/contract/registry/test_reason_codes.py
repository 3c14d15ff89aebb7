"""Every reason code of the standards, wherever it may stand: the error of our tree it is to us."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from actions.registry.port import Registry
from actions.registry.shapes import EventKind
from core.errors import RegistryError, RegistryRefused, RegistryTimeout, RegistryUnavailable
from tests.contract.registry.people import FATIMA
from tests.contract.registry.scripted import scripted_app
from tests.contract.registry.worlds import a_client_of_oddities, served

NOW = "2026-11-02T09:30:00+01:00"
# What the registry cannot just now, and what took it too long; anything else is a refusal.
UNAVAILABLE = {"err.service.unavailable", "err.request.too_many_requests", "rjct.errors.too_many"}
TOO_SLOW = {"err.request.timeout"}
OF_A_HEADER = [
    *("rjct.version.invalid", "rjct.message_id.duplicate", "rjct.message_ts.invalid"),
    *("rjct.action.invalid", "rjct.action.not_supported", "rjct.total_count.invalid"),
    *("rjct.total_count.limit_exceeded", "rjct.errors.too_many"),
]
OF_A_SEARCH = [
    *("rjct.reference_id.invalid", "rjct.reference_id.duplicate", "rjct.timestamp.invalid"),
    *("rjct.search_criteria.invalid", "rjct.filter.invalid", "rjct.sort.invalid"),
    *("rjct.pagination.invalid", "rjct.search.too_many_records_found"),
]
OF_A_CALL = [
    *("err.request.bad", "err.request.unauthorized", "err.request.forbidden"),
    *("err.request.not_found", "err.request.timeout", "err.request.too_many_requests"),
    *("err.version.not_supported", "err.sender_id.invalid", "err.sender_uri.invalid"),
    *("err.receiver_id.invalid", "err.signature.missing", "err.signature.invalid"),
    *("err.encryption.invalid", "err.service.unavailable"),
]
# A code that nobody lists is not kept, because it might quote a person.
QUOTING = f"rjct.of.{FATIMA}"


def header(status: str, code: str | None = None) -> dict[str, Any]:
    """The header of an answer to a search."""
    told = {"message_id": "m", "message_ts": NOW, "action": "on-search", "status": status}
    return told | ({"status_reason_code": code} if code else {})


def names() -> dict[str, Any]:
    """The names of an answer."""
    return {"transaction_id": "$transaction", "correlation_id": "c"}


def in_header(code: str) -> dict[str, Any]:
    """A whole search that is refused."""
    return {"header": header("rjct", code), "message": {**names(), "search_response": []}}


def in_search(code: str) -> dict[str, Any]:
    """A search of a message that is refused."""
    told = {"reference_id": "$reference", "timestamp": NOW, "status": "rjct"}
    refused = {**told, "status_reason_code": code}
    return {"header": header("succ"), "message": {**names(), "search_response": [refused]}}


def in_payments(code: str) -> dict[str, Any]:
    """A search of payments that is refused."""
    return {"header": header("rjct", code), "message": {**names(), "disbursements_status": []}}


def in_acknowledgement(code: str) -> dict[str, Any]:
    """A call that is not acknowledged."""
    error = {"code": code, "message": code}
    told = {"ack_status": "ERR", "timestamp": NOW, "correlation_id": "c", "error": error}
    return {"message": told}


ASKS: dict[Any, Callable[[Registry], Any]] = {
    in_header: lambda registry: registry.person(FATIMA, "fr"),
    in_search: lambda registry: registry.household(FATIMA, "fr"),
    in_payments: lambda registry: registry.payments(FATIMA, "fr"),
    in_acknowledgement: lambda registry: registry.subscribe(FATIMA, (EventKind.INDEX_CHANGED,)),
}
CASES = [
    *((in_header, code) for code in [*OF_A_HEADER, QUOTING]),
    *((in_search, code) for code in [*OF_A_SEARCH, QUOTING]),
    *((in_payments, code) for code in [*OF_A_HEADER, QUOTING]),
    *((in_acknowledgement, code) for code in [*OF_A_CALL, QUOTING]),
]


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[dict[str, Any], Registry]]:
    """What a registry answers to whatever it is asked, to be filled, and a client of it."""
    body: dict[str, Any] = {}
    with served(scripted_app(200, body)) as url:
        yield body, a_client_of_oddities(url, registry_retries=0, registry_breaker_failures=1000)


@pytest.mark.parametrize(
    ("place", "code"), CASES, ids=[f"{place.__name__} {code}" for place, code in CASES]
)
def test_a_reason_code_is_an_error_of_ours(
    told: tuple[dict[str, Any], Registry], place: Any, code: str
) -> None:
    body, registry = told
    body.clear()
    body.update(json.loads(json.dumps(place(code))))
    expected: type[RegistryError] = RegistryRefused
    if code in UNAVAILABLE:
        expected = RegistryUnavailable
    elif code in TOO_SLOW:
        expected = RegistryTimeout

    with pytest.raises(expected) as raised:
        ASKS[place](registry)

    assert expected is type(raised.value)
    if code is QUOTING:
        assert str(raised.value) in ("rjct.unknown", "request.invalid")
    else:
        assert code == str(raised.value)
