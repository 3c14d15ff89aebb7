"""The intake behind the sandbox registry: notices reach the queue, late answers who asked."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import redis
import requests
from flask import Flask, request

from actions.registry.mailbox import Mailbox
from actions.registry.notify import create_app as create_intake
from actions.registry.shapes import EventKind
from actions.registry.signatures import Ed25519Signer
from actions.registry.spdci import SpdciRegistry
from actions.settings import IntakeSettings
from core.errors import RegistryTimeout, SettingsFaulty
from core.privacy import Seal
from core.tasks import open_task
from sandbox.registry.app import create_app
from sandbox.registry.settings import SandboxRegistrySettings
from tests.builders import KEY, KEY_TEXT
from tests.contract.registry import people
from tests.contract.registry.conftest import Sandbox
from tests.contract.registry.openapi import watch
from tests.contract.registry.test_signed import THEIRS, public
from tests.contract.registry.witness import FAULTS
from tests.contract.registry.worlds import a_client, served
from tests.redis_server import RedisServer

TOKEN = "token-of-the-subscriber"
SIGNED = {
    "notify_signatures": "ed25519",
    "registry_public_keys": f"key-9:{base64.b64encode(public(THEIRS)).decode()}",
}


@pytest.fixture
def broker(redis_server: RedisServer, store: redis.Redis) -> str:
    """The address of an empty broker."""
    return redis_server.url.removesuffix("/0") + "/1"


def an_intake(redis_url: str, broker: str, **changes: Any) -> Flask:
    """The process, held against its description."""
    given = {
        "redis_url": redis_url,
        "broker_url": broker,
        "vault_key": KEY_TEXT,
        "notify_token": TOKEN,
    }
    app = create_intake(IntakeSettings.model_validate(given | changes))
    watch(app, FAULTS, "/registry/")
    return app


@pytest.fixture
def intake(redis_server: RedisServer, broker: str) -> Iterator[str]:
    """Its address."""
    with served(an_intake(redis_server.url, broker)) as url:
        yield url


def queued(broker: str, count: int) -> list[dict[str, Any]]:
    """What the worker is told, once it is as much."""
    end = time.monotonic() + 10
    with redis.Redis.from_url(broker) as store:
        while int(str(store.llen("celery"))) < count:
            assert time.monotonic() < end, "it did not happen in time"
        tasks = [json.loads(one) for one in cast("list[bytes]", store.lrange("celery", 0, -1))]
    bodies = (json.loads(base64.b64decode(task["body"])) for task in reversed(tasks))
    return [open_task(Seal(KEY), body[0][0]) for body in bodies]


def test_what_the_registry_tells_reaches_the_queue_even_if_it_was_down(
    intake: str, broker: str, tmp_path: Path
) -> None:
    refuses = iter([True, True])
    gate = Flask("gate")

    @gate.post("/registry/notify")
    def notify() -> Any:
        if next(refuses, False):
            return "", 503
        headers = {"Authorization": request.headers["Authorization"]}
        passed = requests.post(
            f"{intake}/registry/notify", json=request.get_json(), headers=headers, timeout=5
        )
        return passed.json(), passed.status_code

    with served(gate) as gate_url:
        app = create_app(
            SandboxRegistrySettings.model_validate(
                {
                    "registry_database_url": f"sqlite:///{tmp_path}/registry.db",
                    "registry_client_id": "twiza",
                    "registry_client_secret": "secret-of-tests",
                    "notify_url": f"{gate_url}/registry/notify",
                    "notify_token": TOKEN,
                    "notify_retry_seconds": 0.02,
                }
            )
        )
        with served(app) as url:
            a_client(url).subscribe(people.KHADIJA, tuple(EventKind))
            change = {"idcs": people.KHADIJA, "index": "9.1234567"}
            requests.post(f"{url}/sandbox/index", json=change, timeout=5).raise_for_status()

            [event] = queued(broker, 1)
        app.extensions["registry_poster"].stop()
        app.extensions["registry_database"].close()

    assert (people.KHADIJA, "index_changed") == (event["idcs"], event["kind"])


def later(sandbox: Sandbox, intake: str, is_silent: bool = False) -> Flask:
    """A registry that only answers later: it asks the sandbox, and posts the answer to `intake`."""
    app = Flask("later")

    def answer(body: bytes, authorization: str) -> None:
        headers = {"Authorization": authorization, "Content-Type": "application/json"}
        found = requests.post(
            f"{sandbox.url}/registry/sync/search", data=body, headers=headers, timeout=5
        )
        headers["Authorization"] = f"Bearer {TOKEN}"
        requests.post(intake, data=found.content, headers=headers, timeout=5).raise_for_status()

    @app.post("/registry/search")
    def search() -> Any:
        sender = request.get_json()["header"]["sender_uri"]
        assert sender == intake
        told = (request.get_data(), request.headers["Authorization"])
        if not is_silent:
            threading.Thread(target=answer, args=told).start()
        now = "2026-11-02T09:30:00+01:00"
        return {"message": {"ack_status": "ACK", "timestamp": now, "correlation_id": "c"}}

    @app.post("/oauth2/client/token")
    def token() -> Any:
        passed = requests.post(f"{sandbox.url}/oauth2/client/token", data=request.form, timeout=5)
        return passed.json(), passed.status_code

    return app


def a_patient_client(url: str, store: redis.Redis, callback: str, **changes: Any) -> SpdciRegistry:
    """A client of a registry that answers later."""
    given = {"registry_search": "async", "registry_answer_url": callback}
    return a_client(url, store, Mailbox(store, Seal(KEY)), **(given | changes))


def test_a_registry_that_answers_later_is_waited_for(
    sandbox: Sandbox, intake: str, store: redis.Redis
) -> None:
    callback = f"{intake}/registry/on-search"
    with served(later(sandbox, callback)) as url:
        registry = a_patient_client(url, store, callback)
        person = registry.person(people.FATIMA, "fr")
        household = registry.household(people.KHADIJA, "fr")
        enrolments = registry.enrolments(people.MOHAMED, "fr")
        nobody = registry.person(people.NOBODY, "fr")

    assert person is not None and people.FATIMA_PHONE == person.phone
    assert household is not None and "9.743001" == str(household.index)
    assert 2 == len(enrolments)
    assert nobody is None


def test_an_answer_that_never_comes_is_not_waited_for_longer_than_one(
    sandbox: Sandbox, intake: str, store: redis.Redis
) -> None:
    callback = f"{intake}/registry/on-search"
    with served(later(sandbox, callback, is_silent=True)) as url:
        registry = a_patient_client(
            url, store, callback, registry_timeout_seconds=0.3, registry_status_asks=0
        )
        with pytest.raises(RegistryTimeout):
            registry.person(people.FATIMA, "fr")


def test_without_a_mailbox_no_answer_can_be_waited_for() -> None:
    with pytest.raises(SettingsFaulty):
        a_client("http://127.0.0.1:9", registry_search="async")


NOTICE = Path(__file__).parent / "notices/application_refused.json"


def a_notice() -> dict[str, Any]:
    """The recorded notice, told just now."""
    message: dict[str, Any] = json.loads(NOTICE.read_text(encoding="utf-8"))["body"]
    moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    return {**message, "header": message["header"] | {"message_ts": moment}}


def later_by(seconds: float) -> Callable[[], float]:
    """A clock that differs from ours."""
    return lambda: time.time() + seconds


def signed(key: bytes = THEIRS, ahead: float = 0, life: int = 300) -> dict[str, Any]:
    """The notice, signed."""
    return Ed25519Signer(key, "key-9", life, later_by(ahead)).sign(a_notice())


def test_where_signatures_are_agreed_on_a_signed_notice_is_heard(
    redis_server: RedisServer, broker: str
) -> None:
    client = an_intake(redis_server.url, broker, **SIGNED).test_client()
    headers = {"Authorization": f"Bearer {TOKEN}"}

    answer = client.post("/registry/notify", json=signed(), headers=headers)

    assert 200 == answer.status_code
    assert ["application_changed"] == [one["kind"] for one in queued(broker, 1)]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (a_notice(), "err.signature.missing"),
        (signed(bytes(32)), "err.signature.invalid"),
        (signed(ahead=-3600), "err.signature.invalid"),
        (signed(ahead=3600), "err.signature.invalid"),
        (
            signed() | {"message": {"transaction_id": "t", "notify_event": []}},
            "err.signature.invalid",
        ),
    ],
    ids=["unsigned", "another key", "stale", "from the future", "changed"],
)
def test_and_any_other_is_not(
    redis_server: RedisServer, broker: str, message: dict[str, Any], code: str
) -> None:
    client = an_intake(redis_server.url, broker, **SIGNED).test_client()
    headers = {"Authorization": f"Bearer {TOKEN}"}

    answer = client.post("/registry/notify", json=message, headers=headers)

    assert 401 == answer.status_code
    assert code == answer.get_json()["message"]["error"]["code"]
    with redis.Redis.from_url(broker) as store:
        assert 0 == store.llen("celery")


def test_signatures_without_a_key_stop_the_process(redis_server: RedisServer, broker: str) -> None:
    with pytest.raises(SettingsFaulty):
        an_intake(redis_server.url, broker, notify_signatures="ed25519")
