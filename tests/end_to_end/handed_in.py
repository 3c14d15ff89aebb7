"""Handing something in as the actions do, beside a running house, and looking what became of it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import orjson
import psutil
import requests

from core.privacy import Seal, read_key
from core.references import new_reference
from records.addresses import Addresses, address_context
from records.applications import Applications, HandedIn, submission_context
from records.consents import Consents
from records.database import open_database
from records.people import Numbers
from tests.dialogue.stores import pseudonyms, rows
from tests.end_to_end.running_house import RunningHouse


def hand_in(house: RunningHouse, citizen: dict[str, Any], programme: str) -> str:
    """An application of a citizen from their own phone; its reference."""
    key = (house.data / "secrets" / "vault_key").read_text(encoding="ascii")
    seal, names = Seal(read_key(key, "vault_key")), pseudonyms(house)
    number_key, reference = names.number(citizen["phone"]), new_reference()
    name = f"draft-{reference}"
    value = {
        "idempotency_key": name,
        "idcs": citizen["idcs"],
        "reference": reference,
        "language": "fr",
        "channel": "ussd",
        "given_on": datetime.now(UTC).isoformat(),
        "programme": programme,
        "for_idcs": [],
        "answers": {},
        "consent_version": "2026-11",
        "assisted": False,
    }
    with closing(open_database(house.records_url)) as database:
        Numbers(database).choose_language(number_key, "fr")
        Consents(database).give(number_key, "2026-11", "fr", "ussd")
        number = seal.close(citizen["phone"].encode(), address_context(number_key))
        Addresses(database).keep(number_key, number, "ussd")
        Applications(database).hand_in(
            HandedIn(
                idempotency_key=name,
                reference=reference,
                person_key=names.person(citizen["idcs"]),
                number_key=number_key,
                kind="application",
                programme=programme,
                sealed=seal.close(orjson.dumps(value), submission_context(name)),
            )
        )
    return reference


def state_of(house: RunningHouse, reference: str) -> tuple[str, int]:
    """Its state in our records, and how often it was tried."""
    [found] = rows(house, "select state, attempts from submissions where reference = ?", reference)
    return found[0], found[1]


def at_the_registry(house: RunningHouse, reference: str) -> int:
    """How many applications the sandbox registry has under a reference."""
    answer = requests.get(f"{house.run['registry']}/sandbox/applications", timeout=5).json()
    return sum(one["reference"] == reference for one in answer["applications"])


def kill_worker(house: RunningHouse) -> None:
    """Kill the worker outright; the house starts it again after a while."""
    for child in psutil.Process(house.process.pid).children(recursive=True):
        command = child.cmdline()
        if "worker.app" in command and "worker" in command:
            child.kill()
            return
    raise AssertionError("the worker does not run")
