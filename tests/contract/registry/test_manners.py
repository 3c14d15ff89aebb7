"""The client and the sandbox in each manner of speaking that either knows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
import requests
from pydantic import SecretStr

from actions.registry.port import (
    NO_PHONE_ON_FILE,
    UNKNOWN_IDENTIFIER,
    CodeVerdict,
    ContactStanding,
    Registry,
)
from actions.registry.pretend import PretendRegistry
from actions.registry.shapes import ApplicationState, NewApplication
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryAnswerUnreadable, RegistryRefused
from tests.contract.registry import people
from tests.contract.registry.conftest import Sandbox, served_sandbox
from tests.contract.registry.manners import SIGNING, in_base64, signed_client
from tests.contract.registry.worlds import (
    CODE_LIFE_SECONDS,
    PretendWorld,
    SpdciWorld,
    World,
    a_client,
)


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox registry that signs, and wants everything signed by us."""
    with served_sandbox(tmp_path_factory.mktemp("signing"), **SIGNING) as sandbox:
        yield sandbox.url


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


WAYS: dict[str, dict[str, Any]] = {"ida": {}, "esignet": {"registry_codes": "esignet"}}


@pytest.fixture(params=["pretend", *WAYS])
def codes(request: pytest.FixtureRequest) -> World:
    """A registry in each way of sending codes; nobody was sent any of late."""
    if request.param == "pretend":
        return PretendWorld()
    sandbox: Sandbox = request.getfixturevalue("sandbox")
    client = a_client(sandbox.url, **WAYS[request.param])
    world = SpdciWorld(sandbox.url, sandbox.inbox, client)
    world.advance(3600)
    return world


def test_a_code_is_sent_and_works_once_in_every_way(codes: World, transaction: str) -> None:
    sent = codes.registry.send_code(people.FATIMA, transaction)
    code = codes.codes_sent_to(people.FATIMA_PHONE)[-1]
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    assert people.FATIMA_PHONE[-2:] == sent.masked_phone[-2:]
    assert _verdict(codes, sent.transaction, wrong) is CodeVerdict.WRONG
    assert _verdict(codes, sent.transaction, code) is CodeVerdict.RIGHT
    assert _verdict(codes, sent.transaction, code) is CodeVerdict.EXPIRED


def _verdict(world: World, transaction: str, code: str) -> CodeVerdict:
    return world.registry.confirm_code(people.FATIMA, transaction, code).verdict


def test_a_code_is_worth_nothing_elsewhere_in_every_way(codes: World, transaction: str) -> None:
    first = codes.registry.send_code(people.FATIMA, transaction)
    code = codes.codes_sent_to(people.FATIMA_PHONE)[-1]
    second = codes.registry.send_code(people.MOHAMED, f"{transaction}-2")

    assert _verdict(codes, second.transaction, code) is not CodeVerdict.RIGHT
    assert _verdict(codes, f"x{first.transaction}", code) is CodeVerdict.EXPIRED
    assert _verdict(codes, first.transaction, code) is CodeVerdict.RIGHT


def test_the_third_wrong_code_locks_in_every_way(codes: World, transaction: str) -> None:
    sent = codes.registry.send_code(people.FATIMA, transaction)
    code = codes.codes_sent_to(people.FATIMA_PHONE)[-1]
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    verdicts = [_verdict(codes, sent.transaction, wrong) for _ in range(3)]

    assert CodeVerdict.LOCKED is verdicts[-1]
    assert CodeVerdict.LOCKED is _verdict(codes, sent.transaction, code)


def test_a_code_ends_in_every_way(codes: World, transaction: str) -> None:
    sent = codes.registry.send_code(people.FATIMA, transaction)
    code = codes.codes_sent_to(people.FATIMA_PHONE)[-1]
    codes.advance(CODE_LIFE_SECONDS + 1)

    assert CodeVerdict.EXPIRED is _verdict(codes, sent.transaction, code)


@pytest.mark.parametrize(
    ("idcs", "reason"),
    [(people.NOBODY, UNKNOWN_IDENTIFIER), (people.LAHCEN, NO_PHONE_ON_FILE)],
)
def test_no_code_is_sent_to_nobody_and_to_no_phone_in_every_way(
    codes: World, transaction: str, idcs: str, reason: str
) -> None:
    with pytest.raises(RegistryRefused) as refused:
        codes.registry.send_code(idcs, transaction)

    assert reason == refused.value.reason


def test_a_name_of_esignet_that_was_changed_is_none(sandbox: Sandbox) -> None:
    world = SpdciWorld(sandbox.url, sandbox.inbox, a_client(sandbox.url, **WAYS["esignet"]))
    world.advance(3600)
    sent = world.registry.send_code(people.FATIMA, "verification-1")
    code = world.codes_sent_to(people.FATIMA_PHONE)[-1]
    name, hashed, guard = sent.transaction.split("|")

    assert _verdict(world, f"{name}|{hashed[::-1]}|{guard}", code) is CodeVerdict.EXPIRED


@pytest.mark.parametrize("standing", list(ContactStanding))
@pytest.mark.parametrize("kind", ["pretend", "spdci"])
def test_how_far_a_number_can_be_relied_on_is_told_with_the_right_code(
    sandbox: Sandbox, kind: str, standing: ContactStanding
) -> None:
    world: World = PretendWorld()
    if kind == "pretend":
        pretend = world.registry
        assert isinstance(pretend, PretendRegistry)
        person = pretend.person(people.FATIMA, "fr")
        assert person is not None
        pretend.change(people.FATIMA, person=replace(person, standing=standing))
    else:
        world = SpdciWorld(sandbox.url, sandbox.inbox)
        world.advance(3600)
        _stand(sandbox, standing)
    sent = world.registry.send_code(people.FATIMA, uuid.uuid4().hex)
    code = world.codes_sent_to(people.FATIMA_PHONE)[-1]
    wrong = world.registry.confirm_code(people.FATIMA, sent.transaction, f"{int(code) ^ 1:06d}")
    right = world.registry.confirm_code(people.FATIMA, sent.transaction, code)
    _stand(sandbox, ContactStanding.GOOD)

    assert (CodeVerdict.WRONG, ContactStanding.GOOD) == (wrong.verdict, wrong.standing)
    assert (CodeVerdict.RIGHT, standing) == (right.verdict, right.standing)


def _stand(sandbox: Sandbox, standing: ContactStanding) -> None:
    asked = {"idcs": people.FATIMA, "standing": standing.value}
    requests.post(f"{sandbox.url}/sandbox/contact", json=asked, timeout=5).raise_for_status()


@pytest.fixture(params=["pretend", "twiza", "mosip"])
def entries(request: pytest.FixtureRequest) -> Registry:
    """A registry that takes entries in the RNP in each way; nothing is booked yet."""
    if request.param == "pretend":
        return PretendWorld().registry
    served: Sandbox = request.getfixturevalue("own_sandbox")
    store: redis.Redis = request.getfixturevalue("store")
    return a_client(served.url, store, registry_preregistration=request.param)


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox that no other test books anything at."""
    with served_sandbox(tmp_path) as sandbox:
        yield sandbox


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


def test_somebody_is_announced_and_booked_once_under_one_key(entries: Registry) -> None:
    slots = entries.slots("CSC-01-01")
    entry = an_entry("entry-1", appointment=slots[0].code)
    first, second = entries.submit_application(entry), entries.submit_application(entry)
    kept = entries.application(first.reference, "fr")

    assert first == second
    assert kept is not None and "rnp" == kept.programme
    assert kept.state in (ApplicationState.RECEIVED, ApplicationState.IN_REVIEW)
    assert slots[0].begins not in {slot.begins for slot in entries.slots("CSC-01-01")}


def test_free_appointments_are_to_come_and_soonest_first(entries: Registry) -> None:
    begins = [slot.begins for slot in entries.slots("CSC-01-01")]

    assert 10 == len(begins) == len(set(begins))
    assert sorted(begins) == begins
    assert begins[0] > datetime.now(UTC)


def test_a_slot_that_is_taken_is_told_as_such(entries: Registry) -> None:
    [slot, *_] = entries.slots("CSC-01-02")
    entries.submit_application(an_entry("entry-2", appointment=slot.code))

    with pytest.raises(RegistryRefused, match="slot_taken"):
        entries.submit_application(an_entry("entry-3", appointment=slot.code))
    assert () == entries.slots("nowhere")


def test_whoever_has_no_birth_date_is_not_announced(sandbox: Sandbox, store: redis.Redis) -> None:
    mosip = a_client(sandbox.url, store, registry_preregistration="mosip")

    with pytest.raises(RegistryRefused, match=r"request.invalid"):
        mosip.submit_application(replace(an_entry("entry-4"), answers={"name": "Essai"}))


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
