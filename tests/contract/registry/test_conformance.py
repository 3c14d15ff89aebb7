"""The checks of SPDCI's public compliance suite for a social registry, each stated here.

They are its profile `sr-registry` and its common ones: happy calls of each kind, the calls back,
schema-invalid calls, missing tokens, invalid signatures, formats, lengths and pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.contract.registry.suite import (
    ALL,
    ASYNC,
    EXPRESSION,
    PERSON,
    PREDICATE,
    Message,
    Suite,
    a_question,
    a_search,
    a_subscription,
    an_end,
    is_refused,
    is_taken,
)

KINDS: list[tuple[str, Any]] = [
    ("idtype-value", PERSON),
    ("expression", EXPRESSION),
    ("predicate", PREDICATE),
]


@pytest.mark.parametrize("path", ASYNC)
def test_an_asynchronous_call_is_acknowledged(suite: Suite, path: str) -> None:
    answer = suite.post(path, ASYNC[path]())

    assert is_taken(answer)
    assert "application/json" == answer.headers["Content-Type"]
    assert answer.json()["message"]["correlation_id"]


@pytest.mark.parametrize(("kind", "query"), KINDS)
def test_a_search_of_each_kind_is_acknowledged_and_answered(
    suite: Suite, kind: str, query: Any
) -> None:
    later = suite.post("/registry/search", a_search(kind, query))
    at_once = suite.post("/registry/sync/search", a_search(kind, query))
    [found] = at_once.json()["message"]["search_response"]

    assert is_taken(later)
    assert "succ" == found["status"]
    assert 1 == found["pagination"]["total_count"]
    assert [] != found["data"]["reg_records"]


def test_a_transaction_is_told_at_once(suite: Suite) -> None:
    search = a_search()
    asked = search["message"]
    suite.post("/registry/sync/search", search)
    told = suite.post("/registry/sync/txn/status", a_question(asked["transaction_id"])).json()
    became = told["message"]["txnstatus_response"]

    assert "txn-on-status" == told["header"]["action"]
    assert "search" == became["txn_type"]
    assert asked["transaction_id"] == became["txn_status"]["transaction_id"]
    [found] = became["txn_status"]["search_response"]
    assert asked["search_request"][0]["reference_id"] == found["reference_id"]


def test_of_a_transaction_that_nobody_knows_nothing_is_told(suite: Suite) -> None:
    told = suite.post("/registry/sync/txn/status", a_question()).json()["message"]

    assert [] == told["txnstatus_response"]["txn_status"]["search_response"]


@pytest.mark.parametrize(
    ("path", "make", "callback", "action"),
    [
        ("/registry/search", a_search, "/registry/on-search", "on-search"),
        ("/registry/subscribe", a_subscription, "/registry/on-subscribe", "on-subscribe"),
        ("/registry/unsubscribe", an_end, "/registry/on-unsubscribe", "on-unsubscribe"),
        ("/registry/txn/status", a_question, "/registry/txn/on-status", "txn-on-status"),
    ],
)
def test_an_asynchronous_call_is_answered_by_a_call_with_its_names(
    suite: Suite, path: str, make: Callable[..., Message], callback: str, action: str
) -> None:
    message = make(sender_uri=suite.own_url + callback)
    correlation = suite.post(path, message).json()["message"]["correlation_id"]
    called = suite.called(callback, correlation)

    assert action == called["header"]["action"]
    assert message["message"]["transaction_id"] == called["message"]["transaction_id"]
    assert {"version", "message_id", "message_ts", "status"} <= set(called["header"])


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("part", ["message", "header"])
def test_a_call_without_a_part_of_its_envelope_is_refused(
    suite: Suite, path: str, part: str
) -> None:
    message = ALL[path]()
    del message[part]

    assert is_refused(suite.post(path, message))


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer made-up"}])
def test_a_call_without_a_token_is_refused(
    suite: Suite, path: str, headers: dict[str, str]
) -> None:
    answer = suite.post(path, ALL[path](), headers)

    assert 401 == answer.status_code
    assert is_refused(answer)


@pytest.mark.parametrize("path", ALL)
def test_a_call_that_is_not_json_is_refused(suite: Suite, path: str) -> None:
    headers = {"Authorization": f"Bearer {suite.token()}", "Content-Type": "text/plain"}
    answer = requests.post(f"{suite.url}{suite.base}{path}", "{}", headers=headers, timeout=5)

    assert answer.status_code in (400, 415)


@pytest.mark.parametrize("signature", ["invalid-signature", "abc", 5, 'namespace="dci"'])
@pytest.mark.parametrize("path", ALL)
def test_a_call_with_an_invalid_signature_is_refused(
    suite: Suite, path: str, signature: Any
) -> None:
    answer = suite.post(path, ALL[path]() | {"signature": signature})

    assert is_refused(answer)
    assert "err.signature.invalid" == answer.json()["errors"][0]["code"]


@pytest.mark.parametrize("signature", ["unsigned-stub", "unsigned", ""])
def test_a_call_that_says_it_is_not_signed_is_taken(suite: Suite, signature: str) -> None:
    assert is_taken(suite.post("/registry/search", a_search() | {"signature": signature}))


@pytest.mark.parametrize("path", ALL)
def test_a_message_is_taken_once(suite: Suite, path: str) -> None:
    message = ALL[path]()
    first, second = suite.post(path, message), suite.post(path, message)

    assert is_taken(first)
    if second.status_code == 200:
        assert "rjct.message_id.duplicate" == second.json()["header"]["status_reason_code"]
    else:
        assert "rjct.message_id.duplicate" == second.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": "2.0.0"}, "rjct.version.invalid"),
        ({"message_ts": "2024-01-15T10:30:00"}, "rjct.message_ts.invalid"),
        ({"action": "subscribe"}, "rjct.action.invalid"),
        ({"total_count": "1"}, "rjct.total_count.invalid"),
        ({"total_count": 1.0}, "rjct.total_count.invalid"),
        ({"total_count": 2}, "rjct.total_count.invalid"),
    ],
)
def test_a_faulty_header_is_refused_with_its_reason_on_both_ways(
    suite: Suite, change: dict[str, Any], reason: str
) -> None:
    at_once, later = a_search(), a_search()
    at_once["header"] |= change
    later["header"] |= change
    told = suite.post("/registry/sync/search", at_once).json()["header"]
    refused = suite.post("/registry/search", later)

    assert ("rjct", reason) == (told["status"], told["status_reason_code"])
    assert is_refused(refused)
    assert reason == refused.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sender_id": ""}, "err.sender_id.invalid"),
        ({"sender_uri": "not an address"}, "err.sender_uri.invalid"),
        ({"sender_uri": "ftp://example.org"}, "err.sender_uri.invalid"),
        ({"receiver_id": ""}, "err.receiver_id.invalid"),
        ({"message_id": ""}, "err.request.bad"),
        ({"is_msg_encrypted": True}, "err.encryption.invalid"),
    ],
)
@pytest.mark.parametrize("path", ALL)
def test_a_header_that_names_nobody_is_refused(
    suite: Suite, path: str, change: dict[str, Any], code: str
) -> None:
    message = ALL[path]()
    message["header"] |= change
    answer = suite.post(path, message)

    assert is_refused(answer)
    assert code == answer.json()["errors"][0]["code"]
