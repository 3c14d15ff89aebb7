"""A registry that demands encryption is told nothing, and what it encrypts is not guessed at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.registry.calls import Exchange
from actions.registry.port import Registry
from core.errors import RegistryRefused, SettingsFaulty
from tests.contract.registry.conftest import Sandbox, served_sandbox
from tests.contract.registry.operations import OPERATIONS
from tests.contract.registry.witness import hold
from tests.contract.registry.worlds import a_client

IN_ENVELOPES = [
    *("person", "household", "enrolments", "is_enrolled", "members", "payments", "covers"),
    *("subscribe", "unsubscribe"),
]


@pytest.fixture(scope="module")
def demanding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that takes no message that can be read."""
    with served_sandbox(tmp_path_factory.mktemp("demanding"), encryption="required") as sandbox:
        yield sandbox


@pytest.mark.parametrize("name", IN_ENVELOPES)
def test_a_registry_that_demands_encryption_is_asked_once_and_tells_nothing(
    demanding: Sandbox, name: str
) -> None:
    calls: list[Exchange] = []

    def see(exchange: Exchange) -> None:
        hold(exchange)
        calls.append(exchange)

    registry: Registry = a_client(demanding.url, witness=see, registry_retries=3)

    with pytest.raises(RegistryRefused) as refused:
        OPERATIONS[name](registry)

    [call] = [one for one in calls if not one.path.endswith("/token")]
    assert "http.400" == refused.value.reason
    assert 400 == call.status
    assert b"err.encryption.invalid" in call.received


def test_a_way_of_encrypting_that_nobody_wrote_stops_the_process(demanding: Sandbox) -> None:
    with pytest.raises(SettingsFaulty, match="TWIZA_REGISTRY_ENCRYPTION"):
        a_client(demanding.url, registry_encryption="jwe")
