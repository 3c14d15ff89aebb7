"""The registry intake: for the registry alone, sealed on its way, and never lost."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any, cast

import pytest
import redis
from flask.testing import FlaskClient

from actions.registry.notify import TAKE, create_app
from actions.settings import IntakeSettings
from core.privacy import Seal
from core.stores import open_redis
from core.tasks import open_task
from sandbox.registry.notices import write_event, write_notify
from tests.builders import IDCS, KEY, KEY_TEXT
from tests.redis_server import RedisServer
from tests.unit.channels.stored import stored

TOKEN = "a-token-of-the-registry"
WHEN = "2026-11-23T09:00:00+00:00"


def intake(broker_url: str) -> FlaskClient:
    """The process, called by a test."""
    settings = IntakeSettings.model_validate(
        {"broker_url": broker_url, "vault_key": KEY_TEXT, "notify_token": TOKEN}
    )
    return create_app(settings).test_client()


@pytest.fixture
def broker(redis_server: RedisServer, store: redis.Redis) -> str:
    """The address of an empty broker."""
    return redis_server.url.removesuffix("/0") + "/1"


@pytest.fixture
def client(broker: str) -> FlaskClient:
    """An intake whose broker is up."""
    return intake(broker)


def call(client: FlaskClient, message: Any, token: str = TOKEN) -> Any:
    """The registry tells of something."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    given = {"data": message} if isinstance(message, bytes) else {"json": message}
    return client.post("/registry/notify", headers=headers, **given)


def a_message(*states: str) -> dict[str, Any]:
    """What the sandbox registry sends when applications change."""
    return write_notify(
        *(
            write_event(IDCS, "application_changed", "asd", {"state": state}, WHEN)
            for state in states
        )
    )


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


def test_nothing_of_an_event_can_be_read_in_the_broker(client: FlaskClient, broker: str) -> None:
    call(client, a_message("accepted"))
    with open_redis(broker) as store:
        kept = stored(store)
        [task] = cast("list[bytes]", store.lrange("celery", 0, -1))
    sealed = b64decode(json.loads(b64decode(json.loads(task)["body"]))[0][0])

    for secret in (IDCS, "accepted", "application_changed"):
        assert secret.encode() not in kept + sealed


@pytest.mark.parametrize("token", ["", "another-token-of-nobody", TOKEN + "x", "é"])
def test_nobody_but_the_registry_is_heard(client: FlaskClient, broker: str, token: str) -> None:
    answer = call(client, a_message("accepted"), token.encode().decode("latin-1"))

    assert 401 == answer.status_code
    assert [] == queued(broker)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"header": {"action": "notify"}, "message": {"notify_event": 1}}',
        b'{"header": {"action": "search"}, "message": {"notify_event": []}}',
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    client: FlaskClient, broker: str, message: bytes
) -> None:
    answer = call(client, message)

    assert 400 == answer.status_code
    assert "err.request.bad" == answer.json["message"]["error"]["code"]
    assert [] == queued(broker)


def test_a_call_that_is_too_large_is_refused(client: FlaskClient) -> None:
    assert 413 == call(client, b" " * 2_000_000).status_code


def test_one_faulty_event_refuses_the_whole_message(client: FlaskClient, broker: str) -> None:
    message = a_message("in_review", "accepted")
    del message["message"]["notify_event"][1]["data"]

    assert 400 == call(client, message).status_code
    assert [] == queued(broker)


def test_kinds_of_events_that_are_not_ours_are_acknowledged(
    client: FlaskClient, broker: str
) -> None:
    message = write_notify(write_event(IDCS, "a_new_kind", "asd", {}, WHEN))

    assert 200 == call(client, message).status_code
    assert [] == queued(broker)


def test_without_the_queue_the_registry_is_told_to_come_again() -> None:
    answer = call(intake("redis://127.0.0.1:1/1"), a_message("accepted"))

    assert 503 == answer.status_code
    assert "ERR" == answer.json["message"]["ack_status"]


def test_it_says_that_it_is_well(client: FlaskClient) -> None:
    assert {"status": "ok"} == client.get("/health").json
