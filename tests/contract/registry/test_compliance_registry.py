"""The sandbox by the requirements for a registry: each test bears the name of what it proves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.registry.requirements import PROFILES, proven, proves
from tests.contract.registry.suite import (
    EXPRESSION,
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


@pytest.mark.parametrize("profile", PROFILES)
def test_every_requirement_is_proven(profile: str) -> None:
    assert sorted(PROFILES[profile]) == sorted(proven(profile))


def an_expression() -> Message:
    """A search by an expression."""
    return a_search("expression", EXPRESSION)


def a_predicate() -> Message:
    """A search by a predicate."""
    return a_search("predicate", PREDICATE)


@pytest.mark.parametrize(
    ("path", "make"),
    [
        proves("SR-CORE-RG-ASYNC-SEARCH-01", "search", a_search),
        proves("SR-CORE-RG-ASYNC-SUBSCRIBE-01", "subscribe", a_subscription),
        proves("SR-CORE-RG-ASYNC-UNSUBSCRIBE-01", "unsubscribe", an_end),
        proves("SR-CORE-RG-ASYNC-TXNSTATUS-01", "txn/status", a_question),
        proves("SR-CORE-RG-SYNC-SEARCH-01", "sync/search", a_search),
        proves("SR-CORE-RG-SYNC-TXNSTATUS-01", "sync/txn/status", a_question),
        proves("SR-CORE-RG-ASYNC-SEARCH-EXPRESSION-01", "search", an_expression),
        proves("SR-CORE-RG-ASYNC-SEARCH-PREDICATE-01", "search", a_predicate),
        proves("SR-CORE-RG-SYNC-SEARCH-EXPRESSION-01", "sync/search", an_expression),
        proves("SR-CORE-RG-SYNC-SEARCH-PREDICATE-01", "sync/search", a_predicate),
    ],
)
def test_a_valid_call_is_answered_as_the_standard_says(
    suite: Suite, path: str, make: Callable[[], Message]
) -> None:
    answer = suite.post(f"/registry/{path}", make())

    assert 200 == answer.status_code
    assert is_taken(answer)
    # The fixture holds the answer against our description and the standard's.
    assert ("header" in answer.json()) == path.startswith("sync/")


@pytest.mark.parametrize(
    ("path", "make", "callback"),
    [
        proves("SR-CORE-RG-ASYNC-SEARCH-CB-01", "search", a_search, "on-search"),
        proves("SR-CORE-RG-ASYNC-SUBSCRIBE-CB-01", "subscribe", a_subscription, "on-subscribe"),
        proves("SR-CORE-RG-ASYNC-UNSUBSCRIBE-CB-01", "unsubscribe", an_end, "on-unsubscribe"),
        proves("SR-CORE-RG-ASYNC-TXNSTATUS-CB-01", "txn/status", a_question, "txn/on-status"),
    ],
)
def test_a_call_is_answered_at_the_address_of_its_sender(
    suite: Suite, path: str, make: Callable[..., Message], callback: str
) -> None:
    message = make(sender_uri=f"{suite.own_url}/registry/{callback}")
    acknowledged = suite.post(f"/registry/{path}", message).json()["message"]
    called = suite.called(f"/registry/{callback}", acknowledged["correlation_id"])

    assert "ACK" == acknowledged["ack_status"]
    assert message["message"]["transaction_id"] == called["message"]["transaction_id"]


@pytest.mark.parametrize(
    ("path", "make"),
    [
        proves("SR-CORE-RG-ASYNC-SEARCH-NEG-01", "search", a_search),
        proves("SR-CORE-RG-ASYNC-SUBSCRIBE-NEG-01", "subscribe", a_subscription),
        proves("SR-CORE-RG-ASYNC-UNSUBSCRIBE-NEG-01", "unsubscribe", an_end),
        proves("SR-CORE-RG-ASYNC-TXNSTATUS-NEG-01", "txn/status", a_question),
        proves("SR-CORE-RG-SYNC-SEARCH-NEG-01", "sync/search", a_search),
        proves("SR-CORE-RG-SYNC-TXNSTATUS-NEG-01", "sync/txn/status", a_question),
    ],
)
@pytest.mark.parametrize("missing", ["header", "message"])
def test_a_call_that_breaks_its_schema_is_refused(
    suite: Suite, path: str, make: Callable[[], Message], missing: str
) -> None:
    message = make()
    del message[missing]

    assert is_refused(suite.post(f"/registry/{path}", message))


@pytest.mark.parametrize(
    ("path", "make"),
    [
        proves("SR-SEC-AUTH-RG-ASYNC-SEARCH-01", "search", a_search),
        proves("SR-SEC-AUTH-RG-ASYNC-SUBSCRIBE-01", "subscribe", a_subscription),
        proves("SR-SEC-AUTH-RG-ASYNC-UNSUBSCRIBE-01", "unsubscribe", an_end),
        proves("SR-SEC-AUTH-RG-ASYNC-TXNSTATUS-01", "txn/status", a_question),
        proves("SR-SEC-AUTH-RG-SYNC-SEARCH-01", "sync/search", a_search),
        proves("SR-SEC-AUTH-RG-SYNC-TXNSTATUS-01", "sync/txn/status", a_question),
    ],
)
def test_a_call_without_a_token_is_refused(
    suite: Suite, path: str, make: Callable[[], Message]
) -> None:
    assert 401 == suite.post(f"/registry/{path}", make(), headers={}).status_code


@pytest.mark.parametrize("signature", [proves("SR-SEC-SIG-RG-01", "invalid-signature")])
def test_an_invalid_signature_is_refused(suite: Suite, signature: str) -> None:
    assert is_refused(suite.post("/registry/search", a_search() | {"signature": signature}))


@pytest.mark.parametrize("part", [proves("SR-EXTRA-RG-SYNC-SEARCH-REGRECORDS-01", "reg_records")])
def test_records_are_records_of_people(suite: Suite, part: str) -> None:
    told = suite.post("/registry/sync/search", a_search()).json()["message"]
    [record] = told["search_response"][0]["data"][part]

    assert {"member_identifier", "demographic_info"} <= set(record)


def changed(path: str, **changes: Any) -> tuple[str, Message]:
    """A call with something in its request changed."""
    message = a_search() if path.endswith("search") else a_subscription()
    [item] = message["message"].get("search_request") or message["message"]["subscribe_request"]
    item.update(changes)
    return path, message


def named(transaction: str) -> tuple[str, Message]:
    """A search under the name of a transaction."""
    message = a_search()
    message["message"]["transaction_id"] = transaction
    return "search", message


def paged(size: int, number: int, path: str = "search") -> tuple[str, Message]:
    """A search for a page."""
    return changed(path, pagination={"page_size": size, "page_number": number})


@pytest.mark.parametrize(
    ("call", "is_right"),
    [
        proves("DCI-VAL-FMT-TS-01", lambda: changed("search", timestamp="not-a-time"), False),
        proves(
            "DCI-VAL-FMT-TS-02", lambda: changed("search", timestamp="2024-01-15T10:30:00Z"), True
        ),
        proves(
            "DCI-VAL-FMT-TS-03",
            lambda: changed("subscribe", timestamp="2024-01-15T10:30:00"),
            False,
        ),
        proves("DCI-VAL-FMT-LOC-01", lambda: changed("search", locale="ara"), True),
        proves("DCI-VAL-FMT-LOC-02", lambda: changed("search", locale="en"), False),
        proves("DCI-VAL-FMT-LOC-03", lambda: changed("search", locale="ENG"), False),
        proves("DCI-VAL-BND-TXN-01", lambda: named("x" * 99), True),
        proves("DCI-VAL-BND-TXN-02", lambda: named("x" * 100), False),
        proves("DCI-VAL-BND-REF-01", lambda: changed("search", reference_id="r" * 50), True),
        proves("DCI-VAL-BND-SUB-01", lambda: ("unsubscribe", an_end("s" * 99)), True),
        proves("DCI-VAL-BND-SUB-02", lambda: ("unsubscribe", an_end("s" * 100)), False),
        proves("DCI-CORE-PAG-01", lambda: paged(10, 1), True),
        proves("DCI-CORE-PAG-02", lambda: paged(10, 1, "sync/search"), True),
        proves("DCI-CORE-PAG-03", lambda: paged(10, 2), True),
        proves("DCI-VAL-PAG-01", lambda: paged(0, 1), False),
        proves("DCI-VAL-PAG-02", lambda: paged(10, 0), False),
        proves("DCI-VAL-PAG-03", lambda: paged(-1, 1), False),
    ],
)
def test_formats_lengths_and_pages_are_judged_as_the_standard_says(
    suite: Suite, call: Callable[[], tuple[str, Message]], is_right: bool
) -> None:
    path, message = call()
    answer = suite.post(f"/registry/{path}", message)

    assert (is_taken if is_right else is_refused)(answer)
