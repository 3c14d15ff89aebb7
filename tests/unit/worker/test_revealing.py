"""Staff see a sealed identifier once, and the one who asked alone; what is gone says so."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
import redis

from core.errors import TokenRefused
from core.revealing import Revealed
from core.tasks import close_task
from core.vault import Vault
from tests.builders import IDCS
from tests.unit.worker.workshop import Workshop

NAME = "sms-citizen"


@pytest.fixture
def revealed(workshop: Workshop, store: redis.Redis) -> Revealed:
    """Where the console looks."""
    return Revealed(store, workshop.seal)


def ask(workshop: Workshop, token: str, conversation: str = NAME) -> None:
    """Ask for a token as the console does."""
    value: dict[str, Any] = {"view": "v", "staff": "1", "conversation": conversation}
    import_module("worker.revealing").reveal(
        close_task(workshop.seal, {**value, "token": token, "purpose": "idcs"})
    )


def test_the_value_is_shown_once_and_lies_sealed_until_then(
    workshop: Workshop, store: redis.Redis, revealed: Revealed
) -> None:
    token = Vault(store, workshop.seal).put(IDCS, "idcs", NAME, IDCS[-2:])
    assert revealed.look("v", "1") is None

    ask(workshop, token)

    assert IDCS.encode() not in (store.get("revealed:v") or b"")
    assert 0 < store.ttl("revealed:v") <= 60
    assert IDCS == revealed.look("v", "1")
    with pytest.raises(TokenRefused):
        revealed.look("v", "1")


def test_a_colleague_does_not_see_it(
    workshop: Workshop, store: redis.Redis, revealed: Revealed
) -> None:
    ask(workshop, Vault(store, workshop.seal).put(IDCS, "idcs", NAME))

    with pytest.raises(TokenRefused):
        revealed.look("v", "2")


@pytest.mark.parametrize("conversation", [NAME, "sms-somebody-else"])
def test_what_is_gone_or_of_another_is_told_as_gone(
    workshop: Workshop, store: redis.Redis, revealed: Revealed, conversation: str
) -> None:
    vault = Vault(store, workshop.seal)
    token = vault.put(IDCS, "idcs", NAME)
    if conversation == NAME:
        vault.destroy(token)

    ask(workshop, token, conversation)

    assert "" == revealed.look("v", "1")
