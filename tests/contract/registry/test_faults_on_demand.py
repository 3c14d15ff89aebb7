"""What the sandbox does wrong on purpose is what the client says went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from pydantic import SecretStr, ValidationError

from actions.registry.spdci import SpdciRegistry
from core.errors import (
    RegistryAnswerUnreadable,
    RegistryError,
    RegistryTimeout,
    RegistryUnavailable,
    SettingsFaulty,
)
from sandbox.registry.app import create_app
from sandbox.registry.faults import Fault, Faults, read_faults
from sandbox.registry.settings import SandboxRegistrySettings
from tests.contract.registry import people
from tests.contract.registry.test_manners import an_entry
from tests.contract.registry.worlds import a_client_of_oddities, served


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[str]:
    """A sandbox registry of this test alone."""
    app = create_app(
        SandboxRegistrySettings(
            log_level="INFO",
            registry_database_url=f"sqlite:///{tmp_path}/registry.db",
            registry_client_id="twiza",
            registry_client_secret=SecretStr("secret-of-tests"),
        )
    )
    with served(app) as url:
        yield url
    app.extensions["registry_database"].close()


@pytest.fixture
def client(faulty: str) -> SpdciRegistry:
    """A patient client that has its token; no call is repeated."""
    client = a_client_of_oddities(
        faulty, registry_timeout_seconds=20, registry_call_seconds=30, registry_retries=0
    )
    client.offices("Salé", "fr")
    return client


def break_it(url: str, **fault: Any) -> None:
    """Have the registry do wrong."""
    requests.post(f"{url}/sandbox/faults", json=fault, timeout=10).raise_for_status()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "error"}, RegistryUnavailable),
        ({"kind": "error", "status": 503}, RegistryUnavailable),
        ({"kind": "malformed"}, RegistryAnswerUnreadable),
        ({"kind": "reset"}, RegistryUnavailable),
        ({"kind": "lost"}, RegistryUnavailable),
        ({"kind": "correlation"}, RegistryAnswerUnreadable),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else value.__name__,
)
def test_each_fault_is_told_as_what_it_is_and_is_over_when_it_is_cleared(
    faulty: str, client: SpdciRegistry, fault: dict[str, Any], expected: type[RegistryError]
) -> None:
    break_it(faulty, operation="/registry/sync/search", **fault)
    with pytest.raises(expected):
        client.person(people.FATIMA, "fr")
    requests.delete(f"{faulty}/sandbox/faults", timeout=10).raise_for_status()

    assert client.person(people.FATIMA, "fr") is not None


@pytest.mark.parametrize("kind", ["drip", "latency"])
def test_an_answer_that_takes_its_time_comes_whole_or_too_late(
    faulty: str, client: SpdciRegistry, kind: str
) -> None:
    break_it(faulty, operation="/registry/sync/search", kind=kind, seconds=1.5)
    hasty = a_client_of_oddities(
        faulty, registry_timeout_seconds=0.9, registry_call_seconds=1.0, registry_retries=0
    )

    assert client.person(people.FATIMA, "fr") is not None
    with pytest.raises(RegistryTimeout):
        hasty.person(people.FATIMA, "fr")


def test_what_was_taken_before_the_connection_was_cut_is_taken_once(
    faulty: str, client: SpdciRegistry
) -> None:
    break_it(faulty, operation="/counter/v1/applications", kind="lost", count=2)
    application = an_entry("key-1")
    for _ in range(2):
        with pytest.raises(RegistryUnavailable):
            client.submit_application(application)
    receipt = client.submit_application(application)
    kept = requests.get(f"{faulty}/sandbox/applications", timeout=10).json()

    assert [receipt.reference] == [one["reference"] for one in kept["applications"]]


def test_what_was_cut_before_it_was_taken_is_not_taken(faulty: str, client: SpdciRegistry) -> None:
    break_it(faulty, operation="/counter/*", kind="reset", count=1)
    with pytest.raises(RegistryUnavailable):
        client.submit_application(an_entry("key-1"))
    before = requests.get(f"{faulty}/sandbox/applications", timeout=10).json()["count"]
    client.submit_application(an_entry("key-1"))

    assert 0 == before
    assert 1 == requests.get(f"{faulty}/sandbox/applications", timeout=10).json()["count"]


def test_one_call_may_ask_for_a_fault_of_its_own(faulty: str) -> None:
    token = f"{faulty}/oauth2/client/token"
    asked = {"X-Sandbox-Fault": "error;status=502"}

    assert 502 == requests.post(token, headers=asked, timeout=10).status_code
    assert 400 == requests.post(token, timeout=10).status_code
    assert 400 == requests.post(token, headers={"X-Sandbox-Fault": "?"}, timeout=10).status_code


def test_controls_and_health_are_never_disturbed(faulty: str) -> None:
    break_it(faulty, operation="*", kind="reset")

    assert 200 == requests.get(f"{faulty}/health", timeout=10).status_code
    assert 1 == len(requests.get(f"{faulty}/sandbox/faults", timeout=10).json()["faults"])
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{faulty}/oauth2/client/token", timeout=10)


@pytest.mark.parametrize(
    "fault",
    [{}, {"kind": "flood"}, {"kind": "error", "status": 200}, {"kind": "reset", "more": 1}],
)
def test_a_fault_that_nobody_knows_is_refused(faulty: str, fault: dict[str, Any]) -> None:
    assert 422 == requests.post(f"{faulty}/sandbox/faults", json=fault, timeout=10).status_code


def test_faults_strike_by_their_share_and_the_same_calls_every_time() -> None:
    def strikes() -> list[bool]:
        faults = Faults([Fault(operation="/a", kind="error", probability=0.3)], seed=7)
        return [faults.strike("/a") is not None for _ in range(1000)]

    first = strikes()

    assert first == strikes()
    assert 230 < sum(first) < 370


def test_a_counted_fault_strikes_so_often_and_then_the_next() -> None:
    faults = Faults(read_faults("error;operation=/a/*;count=2, latency;seconds=0"))
    struck = [faults.strike(path) for path in ("/a/1", "/b", "/a/2", "/a/3")]

    assert ["error", "latency", "error", "latency"] == [one.kind for one in struck if one]


@pytest.mark.parametrize("path", ["/a/b", "/base/v1/a/b"])
def test_a_fault_is_found_under_any_base(path: str) -> None:
    assert Faults([Fault(operation="/a/*", kind="error")]).strike(path) is not None


def test_a_setting_that_names_no_fault_stops_the_start() -> None:
    with pytest.raises(SettingsFaulty, match="SANDBOX_FAULTS: flood"):
        read_faults("error, flood;seconds=1")
    with pytest.raises(ValidationError):
        Fault(kind="error", probability=2)
