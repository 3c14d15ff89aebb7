"""What the registry tells the intake later: codes of subscriptions, answers to searches."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from flask.testing import FlaskClient

from actions.registry.mailbox import Mailbox
from actions.registry.notify import SUBSCRIBED
from core.privacy import Seal
from tests.builders import KEY
from tests.unit.actions.registry.intake import TOKEN, call, queued
from tests.unit.channels.stored import stored


def on_subscribe(*codes: str, status: str = "succ", **changes: Any) -> dict[str, Any]:
    """The registry gives codes of its own to what it acknowledged as `ack-1`."""
    now = datetime.now(UTC).isoformat()
    return {
        "header": {
            "version": "1.0.0",
            "message_id": "m-on-subscribe",
            "message_ts": now,
            "action": "on-subscribe",
            "sender_id": "registry",
            "receiver_id": "twiza",
            "total_count": max(1, len(codes)),
            **changes,
        },
        "message": {
            "transaction_id": "t",
            "correlation_id": "ack-1",
            "subscribe_response": [
                {
                    "reference_id": code,
                    "timestamp": now,
                    "status": status,
                    "subscriptions": [{"code": code, "status": "subscribe", "timestamp": now}],
                }
                for code in codes
            ],
        },
    }


def test_the_codes_of_a_subscription_are_queued_for_the_worker(
    client: FlaskClient, broker: str
) -> None:
    answer = call(client, on_subscribe("s-1", "s-2", "s-1"), path="on-subscribe")

    assert 200 == answer.status_code
    assert [(SUBSCRIBED, {"correlation": "ack-1", "subscription": "s-1,s-2"})] == queued(broker)


@pytest.mark.parametrize(
    ("codes", "given"), [((), {}), (("s-1",), {"status": "rjct"}), (("s",), {"status": "pdng"})]
)
def test_without_a_code_there_is_nothing_to_know(
    client: FlaskClient, broker: str, codes: tuple[str, ...], given: dict[str, str]
) -> None:
    # Made here: a message that is minutes old is refused.
    message = on_subscribe(*codes, **given)

    assert 200 == call(client, message, path="on-subscribe").status_code
    assert [] == queued(broker)


def test_a_code_that_cannot_stand_among_others_is_refused(client: FlaskClient, broker: str) -> None:
    assert 400 == call(client, on_subscribe("s,1"), path="on-subscribe").status_code
    assert [] == queued(broker)


def on_search(transaction: str) -> bytes:
    """The late answer to a search, its numbers as they were written."""
    now = datetime.now(UTC).isoformat()
    header = {"message_id": "m", "message_ts": now, "action": "on-search", "status": "succ"}
    message = {
        "transaction_id": transaction,
        "correlation_id": "c",
        "search_response": [
            {
                "reference_id": "r",
                "timestamp": now,
                "status": "succ",
                "data": {
                    "reg_record_type": "Group",
                    "reg_records": [{"group_size": 2, "poverty_score": 9.5}],
                },
            }
        ],
    }
    text = json.dumps({"header": header, "message": message})
    return text.replace("9.5", "9.74300100").encode()


def test_a_late_answer_reaches_whoever_waits_for_it(
    client: FlaskClient, store: redis.Redis
) -> None:
    mailbox = Mailbox(store, Seal(KEY))
    mailbox.expect("t-1")

    answer = client.post(
        "/registry/on-search",
        data=on_search("t-1"),
        headers={"Authorization": f"Bearer {TOKEN}"},
        content_type="application/json",
    )

    assert 200 == answer.status_code
    assert b"poverty_score" not in stored(store)
    found = mailbox.wait("t-1", 5)
    assert found is not None and b"9.74300100" in found
    assert mailbox.wait("t-1", 0.01) is None


def test_a_late_answer_that_nobody_waits_for_is_not_kept(
    client: FlaskClient, store: redis.Redis
) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = client.post(
        "/registry/on-search",
        data=on_search("t-2"),
        headers=headers,
        content_type="application/json",
    )

    assert 200 == answer.status_code
    assert [] == list(store.scan_iter("answer:*"))
