"""Documents: taken once for an application that is there, and found without their content."""

from __future__ import annotations

import pytest

from actions.registry.port import INVALID, NOT_TAKEN, TOO_LARGE, UNKNOWN_APPLICATION
from core.errors import RegistryRefused
from core.references import new_reference
from tests.contract.registry.conftest import Sandbox
from tests.contract.registry.operations import a_document, an_application
from tests.contract.registry.worlds import World, a_client, client_settings

LARGE = b"%PDF-1.7\n" + bytes(range(256)) * 32_000


def an_open_one(world: World, somebody: str) -> str:
    """The reference of an application that the registry has."""
    return world.registry.submit_application(an_application(somebody)).reference


def test_a_document_is_taken_and_found_by_its_application(world: World, somebody: str) -> None:
    application = an_open_one(world, somebody)
    first, second = a_document(application), a_document(application, content=b"\x89PNG\r\n\x1a\n2")
    receipts = [world.registry.submit_document(one) for one in (first, second)]
    found = world.registry.documents(application)

    assert [one.idempotency_key for one in (first, second)] == [one.key for one in found]
    assert [receipt.reference for receipt in receipts] == [one.reference for one in found]
    assert {"image/png"} == {one.content_type for one in found}


def test_the_same_key_is_the_same_document(world: World, somebody: str) -> None:
    sent = a_document(an_open_one(world, somebody))

    assert world.registry.submit_document(sent) == world.registry.submit_document(sent)
    assert 1 == len(world.registry.documents(sent.application))


def test_what_belongs_to_no_application_is_refused(world: World) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_document(a_document(new_reference()))

    assert UNKNOWN_APPLICATION == refused.value.reason
    assert () == world.registry.documents(new_reference())


@pytest.mark.parametrize("faulty", [{"idempotency_key": ""}, {"content": b""}])
def test_a_faulty_document_is_refused_and_not_kept(
    world: World, somebody: str, faulty: dict[str, object]
) -> None:
    application = an_open_one(world, somebody)
    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_document(a_document(application, **faulty))

    assert INVALID == refused.value.reason
    assert () == world.registry.documents(application)


def test_a_large_file_takes_its_time_and_arrives_whole(sandbox: Sandbox, somebody: str) -> None:
    registry = a_client(sandbox.url)
    application = registry.submit_application(an_application(somebody)).reference
    sent = a_document(application, content=LARGE, content_type="application/pdf")
    registry.submit_document(sent)

    assert [sent.idempotency_key] == [one.key for one in registry.documents(application)]
    settings = client_settings(sandbox.url)
    assert settings.registry_document_seconds > settings.registry_call_seconds


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 EICAR-STANDARD-ANTIVIRUS-TEST-FILE", NOT_TAKEN),
        (b"MZ no paper", NOT_TAKEN),
        (b"%PDF-" + bytes(11_000_000), TOO_LARGE),
    ],
)
def test_the_registry_may_refuse_a_file_for_what_it_is(
    sandbox: Sandbox, somebody: str, content: bytes, reason: str
) -> None:
    registry = a_client(sandbox.url)
    application = registry.submit_application(an_application(somebody)).reference
    with pytest.raises(RegistryRefused) as refused:
        registry.submit_document(
            a_document(application, content=content, content_type="application/pdf")
        )

    assert reason == refused.value.reason
    assert () == registry.documents(application)
