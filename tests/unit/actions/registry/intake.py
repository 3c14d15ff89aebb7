"""The registry intake as its tests call it, and what it queued."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any, cast

import redis
from flask.testing import FlaskClient

from actions.registry.notify import create_app
from actions.settings import IntakeSettings
from core.privacy import Seal
from core.tasks import open_task
from tests.builders import KEY, KEY_TEXT
from tests.contract.registry.openapi import watch

TOKEN = "a-token-of-the-registry"


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


def queued(broker: str) -> list[tuple[str, dict[str, Any]]]:
    """The tasks in the broker, opened, in the order they were queued."""
    with redis.Redis.from_url(broker) as store:
        tasks = [json.loads(task) for task in cast("list[bytes]", store.lrange("celery", 0, -1))]
    return [
        (task["headers"]["task"], open_task(Seal(KEY), json.loads(b64decode(task["body"]))[0][0]))
        for task in reversed(tasks)
    ]
