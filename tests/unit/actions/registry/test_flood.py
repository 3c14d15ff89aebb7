"""Calls over HTTP that show no token are refused, however many, and the registry's own is heard."""

from __future__ import annotations

import requests
from flask.testing import FlaskClient

from tests.served import at_once, served
from tests.unit.actions.registry.intake import TOKEN, queued
from tests.unit.actions.registry.test_notify import a_message

STRANGERS = 40


def test_the_registry_is_heard_in_a_flood_of_strangers(client: FlaskClient, broker: str) -> None:
    def tell(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        message = a_message("accepted")
        answer = requests.post(f"{url}/registry/notify", json=message, headers=headers, timeout=60)
        return answer.status_code

    tokens = ["guess"] * (STRANGERS // 2) + [TOKEN] + [""] * (STRANGERS // 2)
    with served(client.application) as url:
        statuses = at_once(tell, tokens, 8)

    assert 200 == statuses[STRANGERS // 2]
    assert {401} == set(statuses[: STRANGERS // 2] + statuses[STRANGERS // 2 + 1 :])
    assert 1 == len(queued(broker))


def test_a_call_that_is_too_large_is_not_read(client: FlaskClient, broker: str) -> None:
    with served(client.application) as url:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        body = b'{"header": "' + b"x" * (4 << 20) + b'"}'
        answer = requests.post(f"{url}/registry/notify", data=body, headers=headers, timeout=60)

    assert 413 == answer.status_code
    assert [] == queued(broker)
