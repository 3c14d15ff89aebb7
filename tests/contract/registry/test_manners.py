"""The client and the sandbox in each manner of speaking that either knows."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from actions.registry.port import CodeVerdict, ContactStanding
from actions.registry.shapes import ApplicationState, NewApplication
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryAnswerUnreadable, RegistryRefused
from sandbox.registry.app import create_app
from sandbox.registry.settings import SandboxRegistrySettings
from tests.contract.registry import people
from tests.contract.registry.conftest import Sandbox
from tests.contract.registry.worlds import SpdciWorld, a_client, served

OURS = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def in_base64(key: bytes) -> str:
    """A key as settings hold it."""
    return base64.b64encode(key).decode()


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox registry that signs, and wants everything signed by us."""
    folder: Path = tmp_path_factory.mktemp("signing")
    app = create_app(
        SandboxRegistrySettings(
            log_level="INFO",
            registry_database_url=f"sqlite:///{folder / 'registry.db'}",
            registry_client_id="twiza",
            registry_client_secret=SecretStr("secret-of-tests"),
            signatures="required",
            client_public_keys=f"key-1:{in_base64(OURS.public_key().public_bytes_raw())}",
        )
    )
    with served(app) as url:
        yield url
    app.extensions["registry_poster"].stop()
    app.extensions["registry_database"].close()


def signed_client(url: str, **changes: Any) -> SpdciRegistry:
    """A client that signs and wants answers signed, by the key that the registry publishes."""
    [key] = requests.get(f"{url}/.well-known/jwks.json", timeout=5).json()["keys"]
    public = in_base64(base64.urlsafe_b64decode(key["x"] + "="))
    manner: dict[str, Any] = {
        "registry_signing": "ed25519",
        "registry_signing_key": SecretStr(in_base64(OURS.private_bytes_raw())),
        "registry_answers": "ed25519",
        "registry_public_keys": f"{key['kid']}:{public}",
    }
    return a_client(url, **(manner | changes))


def test_what_is_signed_on_both_sides_is_believed(signing: str) -> None:
    client = signed_client(signing)
    household = client.household(people.FATIMA, "fr")

    assert household is not None and household.index is not None
    assert client.payments(people.FATIMA, "ar")
    assert client.is_enrolled(people.FATIMA, "asd")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"registry_signing": "off"}, "err.signature.missing"),
        (
            {"registry_signing_key": SecretStr(in_base64(bytes(32)))},
            "err.signature.invalid",
        ),
        ({"registry_signing_key_id": "key-2"}, "err.signature.invalid"),
    ],
)
def test_what_is_not_signed_by_us_is_refused(
    signing: str, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RegistryRefused) as refused:
        signed_client(signing, **changes).person(people.FATIMA, "fr")

    assert refused.value.reason in (reason, "http.400")


def test_an_answer_of_another_registry_is_not_believed(signing: str, sandbox: Sandbox) -> None:
    keys: dict[str, Any] = {"registry_public_keys": f"registry-1:{in_base64(bytes(31) + b'1')}"}

    with pytest.raises(RegistryAnswerUnreadable):
        signed_client(signing, **keys).person(people.FATIMA, "fr")
    with pytest.raises(RegistryAnswerUnreadable):
        a_client(sandbox.url, registry_answers="ed25519", **keys).person(people.FATIMA, "fr")


@pytest.mark.parametrize("query", ["expression", "predicate"])
def test_a_person_is_found_by_each_kind_of_query(sandbox: Sandbox, query: str) -> None:
    usual, other = a_client(sandbox.url), a_client(sandbox.url, registry_query=query)
    for idcs in (people.FATIMA, people.SALMA, people.NOBODY):
        assert usual.person(idcs, "fr") == other.person(idcs, "fr")
        assert usual.household(idcs, "ar") == other.household(idcs, "ar")
        assert usual.covers(idcs, "fr") == other.covers(idcs, "fr")


@pytest.fixture
def esignet(sandbox: Sandbox) -> SpdciWorld:
    """The world of a client whose codes are eSignet's; nobody was sent any of late."""
    world = SpdciWorld(sandbox.url, sandbox.inbox)
    world.registry = a_client(sandbox.url, registry_codes="esignet")
    world.advance(3600)
    return world


def test_a_code_of_esignet_is_sent_and_works_once(esignet: SpdciWorld) -> None:
    sent = esignet.registry.send_code(people.FATIMA, "verification")
    code = esignet.codes_sent_to(people.FATIMA_PHONE)[-1]
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    assert people.FATIMA_PHONE[-2:] == sent.masked_phone[-2:]
    assert _verdict(esignet, sent.transaction, wrong) is CodeVerdict.WRONG
    assert _verdict(esignet, sent.transaction, code) is CodeVerdict.RIGHT
    assert _verdict(esignet, sent.transaction, code) is CodeVerdict.EXPIRED


def _verdict(world: SpdciWorld, transaction: str, code: str) -> CodeVerdict:
    return world.registry.confirm_code(people.FATIMA, transaction, code).verdict


def test_a_code_of_esignet_is_worth_nothing_elsewhere(esignet: SpdciWorld) -> None:
    first = esignet.registry.send_code(people.FATIMA, "verification-1")
    code = esignet.codes_sent_to(people.FATIMA_PHONE)[-1]
    second = esignet.registry.send_code(people.MOHAMED, "verification-2")

    assert _verdict(esignet, second.transaction, code) is not CodeVerdict.RIGHT
    assert _verdict(esignet, f"x{first.transaction}", code) is CodeVerdict.EXPIRED
    name, hashed, guard = first.transaction.split("|")
    assert _verdict(esignet, f"{name}|{hashed[::-1]}|{guard}", code) is CodeVerdict.EXPIRED


@pytest.mark.parametrize("idcs", [people.NOBODY, people.LAHCEN])
def test_esignet_sends_no_code_to_nobody_and_to_no_phone(esignet: SpdciWorld, idcs: str) -> None:
    with pytest.raises(RegistryRefused):
        esignet.registry.send_code(idcs, "verification")


def test_a_number_whose_sim_was_changed_says_so(sandbox: Sandbox) -> None:
    world = SpdciWorld(sandbox.url, sandbox.inbox)
    world.advance(3600)
    operator = f"{sandbox.url}/sandbox/contact"
    standings = []
    for standing in ("sim_changed", "good"):
        asked = {"idcs": people.FATIMA, "standing": standing}
        requests.post(operator, json=asked, timeout=5).raise_for_status()
        sent = world.registry.send_code(people.FATIMA, standing)
        code = world.codes_sent_to(people.FATIMA_PHONE)[-1]
        standings.append(world.registry.confirm_code(people.FATIMA, sent.transaction, code))

    assert [CodeVerdict.RIGHT] * 2 == [one.verdict for one in standings]
    assert [ContactStanding.SIM_CHANGED, ContactStanding.GOOD] == [
        one.standing for one in standings
    ]


@pytest.fixture
def mosip(sandbox: Sandbox, store: redis.Redis) -> SpdciRegistry:
    """A client that announces people to the RNP by MOSIP's pre-registration."""
    return a_client(sandbox.url, store, registry_preregistration="mosip")


def an_entry(key: str, **answers: str) -> NewApplication:
    """Somebody who wants to be in the RNP."""
    known = {"name": "Essai", "birth_date": "2001-02-03", "commune": "Salé"}
    return NewApplication(
        idempotency_key=key,
        reference="",
        programme="rnp",
        idcs="",
        for_idcs=(),
        answers=known | answers,
        language="fr",
        channel="ussd",
        consent_version="1",
        assisted=False,
        given_on=datetime.now(UTC),
    )


def test_somebody_is_announced_and_booked_once_under_one_key(mosip: SpdciRegistry) -> None:
    slots = mosip.slots("CSC-01-01")
    entry = an_entry("entry-1", appointment=slots[0].code)
    first, second = mosip.submit_application(entry), mosip.submit_application(entry)
    kept = mosip.application(first.reference, "fr")

    assert first == second
    assert kept is not None and kept.state is ApplicationState.IN_REVIEW
    assert slots[0].begins not in {slot.begins for slot in mosip.slots("CSC-01-01")}


def test_a_slot_that_is_taken_is_told_as_such(mosip: SpdciRegistry) -> None:
    [slot, *_] = mosip.slots("CSC-01-02")
    mosip.submit_application(an_entry("entry-2", appointment=slot.code))

    with pytest.raises(RegistryRefused, match="slot_taken"):
        mosip.submit_application(an_entry("entry-3", appointment=slot.code))
    with pytest.raises(RegistryRefused, match="request.invalid"):
        mosip.submit_application(replace(an_entry("entry-4"), answers={"name": "Essai"}))
    assert () == mosip.slots("nowhere")


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.person(people.FATIMA, "fr"),
        lambda client: client.payments(people.FATIMA, "fr"),
    ],
    ids=["search", "payments"],
)
def test_a_search_that_is_pending_is_found_by_its_transaction(
    sandbox: Sandbox, ask: Callable[[SpdciRegistry], Any]
) -> None:
    faults = f"{sandbox.url}/sandbox/faults"
    client = a_client(sandbox.url, registry_timeout_seconds=20, registry_call_seconds=60)
    expected = ask(client)
    pending = {"operation": "*/sync/search", "kind": "pending", "seconds": 0, "count": 1}
    requests.post(faults, json=pending, timeout=5).raise_for_status()

    assert expected == ask(client)
    assert [] == requests.get(faults, timeout=5).json()["faults"]
