"""Schemathesis against the intake: whatever it is called with is answered as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from schemathesis import GenerationMode

from actions.registry.notify import create_app
from actions.settings import IntakeSettings
from tests.builders import KEY_TEXT
from tests.contract.registry.test_schemathesis import OURS, hold, operations
from tests.contract.registry.worlds import served
from tests.redis_server import RedisServer

TOKEN = "token-of-the-subscriber"
# Making a message of the largest takes seconds.
_LARGE = ("takeSearch", "takeStatus")
_SOME, _FEW = 5, 2


@pytest.fixture(scope="module")
def intake(redis_server: RedisServer) -> Iterator[str]:
    """The address of an intake."""
    settings = {
        "redis_url": redis_server.url,
        "broker_url": redis_server.url.removesuffix("/0") + "/1",
        "vault_key": KEY_TEXT,
        "notify_token": TOKEN,
    }
    with served(create_app(IntakeSettings.model_validate(settings))) as url:
        yield url


@pytest.mark.parametrize("mode", list(GenerationMode), ids=["right", "wrong"])
@pytest.mark.parametrize(("operation", "name", "root"), list(operations(OURS)))
def test_every_call_of_a_registry_is_answered_as_described(
    operation: Any, name: str, root: str, mode: GenerationMode, intake: str
) -> None:
    hold(operation, mode, intake + root, TOKEN, examples=_FEW if name in _LARGE else _SOME)
