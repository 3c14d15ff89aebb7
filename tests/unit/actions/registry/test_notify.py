"""The registry intake: for the registry alone, each message once, sealed on its way, never lost."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
import redis
from flask.testing import FlaskClient

from actions.registry.mailbox import Mailbox
from actions.registry.notify import SUBSCRIBED, TAKE, create_app
from actions.settings import IntakeSettings
from core.privacy import Seal
from core.stores import open_redis
from core.tasks import open_task
from sandbox.registry.notices import write_event, write_notify
from tests.builders import IDCS, KEY, KEY_TEXT
from tests.contract.registry.openapi import watch
from tests.redis_server import RedisServer
from tests.unit.channels.stored import stored

TOKEN = "a-token-of-the-registry"
WHEN = "2026-11-23T09:00:00+00:00"
DEAD = "redis://127.0.0.1:1"


def intake(redis_url: str, broker_url: str, **changes: Any) -> FlaskClient:
    """The process, called by a test; it keeps to its description."""
    given = {
        "redis_url": redis_url,
        "broker_url": broker_url,
        "vault_key": KEY_TEXT,
        "notify_token": TOKEN,
    }
    app = create_app(IntakeSettings.model_validate(given | changes))
    faults: list[str] = []
    app.extensions["faults"] = faults
    watch(app, faults, "/registry/")
    return app.test_client()


@pytest.fixture
def broker(redis_server: RedisServer, store: redis.Redis) -> str:
    """The address of an empty broker."""
    return redis_server.url.removesuffix("/0") + "/1"


@pytest.fixture
def client(redis_server: RedisServer, broker: str) -> Iterator[FlaskClient]:
    """An intake whose stores are up, and whose answers are as described."""
    client = intake(redis_server.url, broker)
    yield client
    assert [] == client.application.extensions["faults"]


def call(client: FlaskClient, message: Any, token: str = TOKEN, path: str = "notify") -> Any:
    """The registry tells of something."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    given = {"data": message} if isinstance(message, bytes) else {"json": message}
    return client.post(f"/registry/{path}", headers=headers, **given)


def error_of(answer: Any) -> str:
    """What a refusal says it is about."""
    assert "ERR" == answer.json["message"]["ack_status"]
    about: str = answer.json["message"]["error"]["message"]
    return about


def a_message(*states: str) -> dict[str, Any]:
    """What the sandbox registry sends when applications change."""
    return write_notify(
        *(
            write_event(IDCS, "application_changed", "asd", {"state": state}, WHEN)
            for state in states
        )
    )


def aged(message: dict[str, Any], **by: float) -> dict[str, Any]:
    """The same message, as if it was written so long ago."""
    moment = datetime.now(UTC) - timedelta(**by)
    return {**message, "header": message["header"] | {"message_ts": moment.isoformat()}}


def queued(broker: str) -> list[tuple[str, dict[str, Any]]]:
    """The tasks in the broker, opened, in the order they were queued."""
    with redis.Redis.from_url(broker) as store:
        tasks = [json.loads(task) for task in cast("list[bytes]", store.lrange("celery", 0, -1))]
    return [
        (task["headers"]["task"], open_task(Seal(KEY), json.loads(b64decode(task["body"]))[0][0]))
        for task in reversed(tasks)
    ]


def test_each_event_is_queued_for_the_worker(client: FlaskClient, broker: str) -> None:
    answer = call(client, a_message("in_review", "accepted"))

    assert 200 == answer.status_code
    assert "ACK" == answer.json["message"]["ack_status"]
    told = queued(broker)
    assert [TAKE, TAKE] == [name for name, _ in told]
    assert ["in_review", "accepted"] == [value["detail"]["state"] for _, value in told]
    assert {(IDCS, "application_changed", "asd")} == {
        (value["idcs"], value["kind"], value["programme"]) for _, value in told
    }


def test_nothing_of_an_event_can_be_read_in_the_stores(
    client: FlaskClient, broker: str, store: redis.Redis
) -> None:
    call(client, a_message("accepted"))
    with open_redis(broker) as queue:
        kept = stored(queue) + stored(store)
        [task] = cast("list[bytes]", queue.lrange("celery", 0, -1))
    sealed = b64decode(json.loads(b64decode(json.loads(task)["body"]))[0][0])

    for secret in (IDCS, "accepted", "application_changed"):
        assert secret.encode() not in kept + sealed


@pytest.mark.parametrize("path", ["notify", "on-subscribe", "on-search"])
@pytest.mark.parametrize("token", ["", "another-token-of-nobody", TOKEN + "x", "é"])
def test_nobody_but_the_registry_is_heard(
    client: FlaskClient, broker: str, token: str, path: str
) -> None:
    answer = call(client, a_message("accepted"), token.encode().decode("latin-1"), path)

    assert 401 == answer.status_code
    assert "err.request.unauthorized" == answer.json["message"]["error"]["code"]
    assert [] == queued(broker)


@pytest.mark.parametrize("path", ["notify", "on-subscribe", "on-search"])
@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"header": {"action": "notify"}, "message": {"notify_event": 1}}',
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    client: FlaskClient, broker: str, message: bytes, path: str
) -> None:
    answer = call(client, message, path=path)

    assert 400 == answer.status_code
    assert "err.request.bad" == answer.json["message"]["error"]["code"]
    assert [] == queued(broker)


@pytest.mark.parametrize("path", ["on-subscribe", "on-search"])
def test_a_message_at_another_door_is_refused(client: FlaskClient, path: str) -> None:
    assert 400 == call(client, a_message("accepted"), path=path).status_code


def test_a_call_that_is_too_large_is_refused(client: FlaskClient) -> None:
    assert 413 == call(client, b" " * 2_000_000).status_code


def test_one_faulty_event_refuses_the_whole_message(client: FlaskClient, broker: str) -> None:
    message = a_message("in_review", "accepted")
    del message["message"]["notify_event"][1]["data"]

    assert 400 == call(client, message).status_code
    assert [] == queued(broker)


def test_what_was_faulty_may_come_again_mended(client: FlaskClient, broker: str) -> None:
    message = a_message("accepted")
    faulty = json.loads(json.dumps(message))
    del faulty["message"]["notify_event"][0]["data"]

    assert 400 == call(client, faulty).status_code
    assert 200 == call(client, message).status_code
    assert 1 == len(queued(broker))


def test_kinds_and_fields_that_are_not_ours_are_accepted(client: FlaskClient, broker: str) -> None:
    unknown_kind = write_notify(write_event(IDCS, "a_new_kind", "asd", {}, WHEN))
    more = a_message("accepted")
    more["header"]["meta"] = {"hop": 1}
    more["weather"] = more["message"]["weather"] = "fine"
    more["message"]["notify_event"][0]["data"]["reg_records"]["colour"] = ["blue"]

    assert 200 == call(client, unknown_kind).status_code
    assert [] == queued(broker)
    assert 200 == call(client, more).status_code
    assert 1 == len(queued(broker))


def test_a_message_that_was_heard_is_a_replay(client: FlaskClient, broker: str) -> None:
    message = a_message("accepted")
    assert 200 == call(client, message).status_code

    again = call(client, message)

    assert 409 == again.status_code
    assert "rjct.message_id.duplicate" == error_of(again)
    assert 1 == len(queued(broker))


def test_the_same_event_in_a_new_message_is_no_replay(client: FlaskClient, broker: str) -> None:
    message = a_message("accepted")
    call(client, message)
    message["header"]["message_id"] = "another"

    assert 200 == call(client, message).status_code
    told = [value["event_id"] for _, value in queued(broker)]
    assert 2 == len(told) and 1 == len(set(told))


@pytest.mark.parametrize(
    ("by", "status"),
    [({"minutes": 4}, 200), ({"minutes": 7}, 400), ({"seconds": -30}, 200), ({"minutes": -2}, 400)],
)
def test_a_message_is_heard_in_its_time_alone(
    client: FlaskClient, by: dict[str, float], status: int
) -> None:
    answer = call(client, aged(a_message("accepted"), **by))

    assert status == answer.status_code
    assert status == 200 or "rjct.message_ts.invalid" == error_of(answer)


def test_as_long_as_a_message_would_be_new_it_is_known_that_it_was_heard(
    client: FlaskClient, store: redis.Redis
) -> None:
    call(client, aged(a_message("accepted"), seconds=-59))
    [key] = store.scan_iter("heard:*")

    assert int(str(store.ttl(key))) >= 300 + 2 * 60


def test_an_encrypted_message_that_was_not_agreed_on_is_refused(client: FlaskClient) -> None:
    message = a_message("accepted")
    message["header"]["is_msg_encrypted"] = True

    assert "err.encryption.invalid" == error_of(call(client, message))


def test_without_the_queue_the_registry_is_told_to_come_again_and_may(
    redis_server: RedisServer, broker: str
) -> None:
    message = a_message("accepted")

    answer = call(intake(redis_server.url, f"{DEAD}/1"), message)

    assert 503 == answer.status_code
    assert "err.service.unavailable" == error_of(answer)
    assert 200 == call(intake(redis_server.url, broker), message).status_code
    assert 1 == len(queued(broker))


def test_without_the_memory_nothing_is_taken(broker: str) -> None:
    answer = call(intake(f"{DEAD}/0", broker), a_message("accepted"))

    assert 503 == answer.status_code
    assert [] == queued(broker)


def test_while_a_message_is_being_taken_it_is_to_come_again(
    client: FlaskClient, store: redis.Redis
) -> None:
    message = a_message("accepted")
    call(client, message)
    [key] = store.scan_iter("heard:*")
    store.set(key, b"taking")

    assert 503 == call(client, message).status_code


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
    "message",
    [on_subscribe(), on_subscribe("s-1", status="rjct"), on_subscribe("s", status="pdng")],
)
def test_without_a_code_there_is_nothing_to_know(
    client: FlaskClient, broker: str, message: dict[str, Any]
) -> None:
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


def test_it_says_that_it_is_well(client: FlaskClient) -> None:
    assert {"status": "ok"} == client.get("/health").json
