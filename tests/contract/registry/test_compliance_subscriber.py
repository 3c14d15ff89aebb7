"""The intake by the requirements for a subscriber: each test bears the name of what it proves."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
import redis
from flask.testing import FlaskClient

from tests.contract.registry.manners import OURS
from tests.contract.registry.people import FATIMA
from tests.contract.registry.requirements import proves
from tests.contract.registry.suite import now
from tests.redis_server import RedisServer
from tests.unit.actions.registry.intake import call, intake

Message = dict[str, Any]
NOBODY = {"reg_record_type": "Member", "reg_records": []}


@pytest.fixture
def subscriber(redis_server: RedisServer, store: redis.Redis) -> FlaskClient:
    """An intake that wants no signatures, and keeps to its description."""
    return intake(redis_server.url, redis_server.url.removesuffix("/0") + "/1")


def told(action: str, **message: Any) -> Message:
    """What a registry calls a subscriber with."""
    header = {
        "version": "1.0.0",
        "message_id": uuid.uuid4().hex,
        "message_ts": now(),
        "action": action,
        "status": "succ",
        "sender_id": "registry",
        "receiver_id": "twiza",
        "total_count": 1,
    }
    return {"header": header, "message": {"transaction_id": "t-1", **message}}


def item(**more: Any) -> Message:
    """One answer of a message."""
    return {"reference_id": "r-1", "timestamp": now(), "status": "succ", **more}


def found() -> Message:
    """The answer to a search of nobody."""
    return {"transaction_id": "t-0", "correlation_id": "c", "search_response": [item(data=NOBODY)]}


CALLS = {
    "on-search": lambda: told("on-search", correlation_id="c", search_response=[item(data=NOBODY)]),
    "on-subscribe": lambda: told(
        "on-subscribe",
        correlation_id="c",
        subscribe_response=[
            item(subscriptions=[{"code": "s", "status": "subscribe", "timestamp": now()}])
        ],
    ),
    "on-unsubscribe": lambda: told(
        "on-unsubscribe",
        correlation_id="c",
        timestamp=now(),
        status="succ",
        subscription_status=[{"code": "s", "status": "unsubscribe"}],
    ),
    "txn/on-status": lambda: told(
        "txn-on-status",
        correlation_id="c",
        txnstatus_response={"txn_type": "search", "txn_status": found()},
    ),
    "notify": lambda: told(
        "notify",
        notify_event=[
            {
                "reference_id": "r",
                "timestamp": now(),
                "data": {
                    "reg_event_type": "REGISTER",
                    "reg_record_type": "Member",
                    "reg_records": {
                        "member_identifier": [
                            {"identifier_type": "UIN", "identifier_value": FATIMA}
                        ]
                    },
                },
            }
        ],
    ),
}


@pytest.mark.parametrize(
    "path",
    [
        proves("SR-CORE-SP-ON-SEARCH-01", "on-search"),
        proves("SR-CORE-SP-ON-SUBSCRIBE-01", "on-subscribe"),
        proves("SR-CORE-SP-ON-UNSUBSCRIBE-01", "on-unsubscribe"),
        proves("SR-CORE-SP-TXN-ON-STATUS-01", "txn/on-status"),
        proves("SR-CORE-SP-NOTIFY-01", "notify"),
    ],
)
def test_a_valid_call_is_acknowledged(subscriber: FlaskClient, path: str) -> None:
    answer = call(subscriber, CALLS[path](), path=path)

    assert (200, "ACK") == (answer.status_code, answer.json["message"]["ack_status"])
    assert [] == subscriber.application.extensions["faults"]


@pytest.mark.parametrize(
    "path",
    [
        proves("SR-CORE-SP-ON-SEARCH-NEG-01", "on-search"),
        proves("SR-CORE-SP-ON-SUBSCRIBE-NEG-01", "on-subscribe"),
        proves("SR-CORE-SP-ON-UNSUBSCRIBE-NEG-01", "on-unsubscribe"),
        proves("SR-CORE-SP-TXN-ON-STATUS-NEG-01", "txn/on-status"),
        proves("SR-CORE-SP-NOTIFY-NEG-01", "notify"),
    ],
)
@pytest.mark.parametrize("missing", ["header", "message"])
def test_a_call_that_breaks_its_schema_is_refused(
    subscriber: FlaskClient, path: str, missing: str
) -> None:
    message = CALLS[path]()
    del message[missing]
    answer = call(subscriber, message, path=path)

    assert (400, "ERR") == (answer.status_code, answer.json["message"]["ack_status"])
    assert [] == subscriber.application.extensions["faults"]


@pytest.mark.parametrize(
    "path",
    [
        proves("SR-SEC-AUTH-SP-ON-SEARCH-01", "on-search"),
        proves("SR-SEC-AUTH-SP-ON-SUBSCRIBE-01", "on-subscribe"),
        proves("SR-SEC-AUTH-SP-ON-UNSUBSCRIBE-01", "on-unsubscribe"),
        proves("SR-SEC-AUTH-SP-TXN-ON-STATUS-01", "txn/on-status"),
        proves("SR-SEC-AUTH-SP-NOTIFY-01", "notify"),
    ],
)
@pytest.mark.parametrize("token", ["", "another"])
def test_a_call_without_our_token_is_refused(
    subscriber: FlaskClient, path: str, token: str
) -> None:
    assert 401 == call(subscriber, CALLS[path](), token, path).status_code


@pytest.mark.parametrize("path", [proves("SR-SEC-SIG-SP-01", "notify")])
def test_an_invalid_signature_is_refused(
    redis_server: RedisServer, store: redis.Redis, path: str
) -> None:
    key = base64.b64encode(OURS.public_key().public_bytes_raw()).decode()
    demanding = intake(
        redis_server.url,
        redis_server.url.removesuffix("/0") + "/1",
        notify_signatures="ed25519",
        registry_public_keys=f"key-1:{key}",
    )
    message = CALLS[path]() | {"signature": "invalid-signature"}

    assert 401 == call(demanding, message, path=path).status_code
