"""The registry intake: for the registry alone, each message once, sealed on its way, never lost."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
import redis
from flask.testing import FlaskClient

from actions.registry.notify import TAKE
from core.stores import open_redis
from sandbox.registry.notices import write_event, write_notify
from tests.builders import IDCS
from tests.redis_server import RedisServer
from tests.unit.actions.registry.intake import TOKEN, call, error_of, intake, queued
from tests.unit.channels.stored import stored

WHEN = "2026-11-23T09:00:00+00:00"
DEAD = "redis://127.0.0.1:1"


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


def test_it_says_that_it_is_well(client: FlaskClient) -> None:
    assert {"status": "ok"} == client.get("/health").json
