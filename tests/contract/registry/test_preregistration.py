"""Entry in the RNP by MOSIP: announced once, booked, followed by its number; the rest as ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from actions.registry.port import INVALID, SLOT_TAKEN
from actions.registry.shapes import ApplicationState, NewApplication
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryRefused, RegistryUnavailable, SettingsFaulty
from tests.contract.registry.conftest import Sandbox
from tests.contract.registry.operations import an_application
from tests.contract.registry.people import FATIMA
from tests.contract.registry.preregistrations import CENTRE, PreRegistrations
from tests.contract.registry.worlds import a_client, served

ANSWERS = {
    "who": "myself",
    "name": "Amina El Fassi",
    "birth_date": "1999-05-04",
    "commune": "Salé",
    "phone": "+212600000042",
}


@pytest.fixture
def service() -> PreRegistrations:
    """A service whose first day is tomorrow."""
    return PreRegistrations(datetime.now(UTC).date() + timedelta(days=1))


@pytest.fixture
def registry(service: PreRegistrations, store: redis.Redis) -> Iterator[SpdciRegistry]:
    """A client that enters people there."""
    with served(service.app()) as url:
        yield a_client(url, store, registry_preregistration="mosip", registry_retries=0)


def an_entry(**changes: Any) -> NewApplication:
    """Somebody to be entered, whom nobody can verify yet."""
    answers = changes.pop("answers", ANSWERS)
    return an_application("", programme="rnp", answers=answers, **changes)


def test_somebody_is_announced_with_name_birth_date_and_place(
    registry: SpdciRegistry, service: PreRegistrations
) -> None:
    receipt = registry.submit_application(an_entry())

    assert "29810000000001" == receipt.reference
    [announced] = service.announced
    assert {
        "fullName": [{"language": "fra", "value": "Amina El Fassi"}],
        "dateOfBirth": "1999/05/04",
        "city": [{"language": "fra", "value": "Salé"}],
        "phone": "+212600000042",
    } == announced["demographicDetails"]["identity"]


@pytest.mark.parametrize(("language", "written"), [("ary", "ara"), ("ar", "ara"), ("zgh", "fra")])
def test_a_name_is_announced_in_the_letters_it_was_written_in(
    registry: SpdciRegistry, service: PreRegistrations, language: str, written: str
) -> None:
    registry.submit_application(an_entry(language=language))

    assert written == service.announced[0]["langCode"]


def test_free_times_are_those_to_come_without_holidays(registry: SpdciRegistry) -> None:
    slots = registry.slots(CENTRE)

    assert 10 == len(slots)
    assert sorted(slot.begins for slot in slots) == [slot.begins for slot in slots]
    assert all(slot.begins.tzinfo for slot in slots)
    days = {slot.begins.date() for slot in slots}
    assert min(days) + timedelta(days=1) not in days


def test_a_centre_nobody_knows_has_no_times(registry: SpdciRegistry) -> None:
    assert () == registry.slots("CSC-04-01")


def test_an_appointment_is_booked_with_the_entry(
    registry: SpdciRegistry, service: PreRegistrations
) -> None:
    slot = registry.slots(CENTRE)[0]

    number = registry.submit_application(an_entry(answers=ANSWERS | {"appointment": slot.code}))

    booked = service.booked[number.reference]
    assert slot.begins.date().isoformat() == booked["appointment_date"]
    assert CENTRE == booked["registration_center_id"]


def test_a_time_that_filled_up_is_told_as_taken(registry: SpdciRegistry) -> None:
    taken = ANSWERS | {"appointment": registry.slots(CENTRE)[0].code}
    for _ in range(2):
        registry.submit_application(an_entry(answers=taken))

    with pytest.raises(RegistryRefused) as refused:
        registry.submit_application(an_entry(answers=taken))

    assert SLOT_TAKEN == refused.value.reason
    assert taken["appointment"] not in {slot.code for slot in registry.slots(CENTRE)}


def test_sent_again_with_its_key_it_is_the_same_entry(
    registry: SpdciRegistry, service: PreRegistrations
) -> None:
    entry = an_entry()
    receipts = {registry.submit_application(entry).reference for _ in range(3)}

    assert 1 == len(receipts) == len(service.announced)


def test_a_booking_whose_answer_got_lost_is_made_again_and_nothing_announced_twice(
    registry: SpdciRegistry, service: PreRegistrations
) -> None:
    entry = an_entry(answers=ANSWERS | {"appointment": registry.slots(CENTRE)[0].code})
    registry.submit_application(an_entry(idempotency_key=entry.idempotency_key))
    service.lost = 1
    with pytest.raises(RegistryUnavailable):
        registry.submit_application(entry)

    number = registry.submit_application(entry).reference

    assert [number] == list(service.booked)
    assert 1 == len(service.announced)


def test_how_far_it_is_is_told_by_its_number(registry: SpdciRegistry) -> None:
    announced = registry.submit_application(an_entry()).reference
    slot = ANSWERS | {"appointment": registry.slots(CENTRE)[0].code}
    booked = registry.submit_application(an_entry(answers=slot)).reference

    states = [registry.application(number, "fr") for number in (announced, booked)]

    assert [ApplicationState.RECEIVED, ApplicationState.IN_REVIEW] == [
        one.state for one in states if one
    ]
    assert {datetime.now(UTC).date()} == {one.given_on for one in states if one}


@pytest.mark.parametrize(
    ("code", "reason"),
    [("PRG_PAM_APP_004", INVALID), ("PRG_CORE_REQ_001", INVALID), ("PRG_AUTH_001", "PRG_AUTH_001")],
)
def test_a_refusal_is_of_what_was_given_or_of_us(
    registry: SpdciRegistry, service: PreRegistrations, code: str, reason: str
) -> None:
    service.refuses = code
    with pytest.raises(RegistryRefused) as refused:
        registry.submit_application(an_entry())

    assert reason == refused.value.reason


@pytest.mark.parametrize("missing", ["name", "birth_date"])
def test_without_a_name_or_birth_date_nobody_is_announced(
    registry: SpdciRegistry, service: PreRegistrations, missing: str
) -> None:
    with pytest.raises(RegistryRefused) as refused:
        registry.submit_application(an_entry(answers=ANSWERS | {missing: ""}))

    assert (INVALID, []) == (refused.value.reason, service.announced)


def test_everything_else_goes_to_our_own_resource(
    sandbox: Sandbox, store: redis.Redis, somebody: str
) -> None:
    registry = a_client(sandbox.url, store, registry_preregistration="mosip")
    reference = registry.submit_application(an_application(somebody)).reference

    found = registry.application(reference, "fr")
    assert found is not None
    assert "birth_grant" == found.programme
    assert registry.application("900000000001", "fr") is None
    assert registry.person(FATIMA, "fr") is not None


def test_without_a_store_the_process_does_not_start() -> None:
    with pytest.raises(SettingsFaulty):
        a_client("http://127.0.0.1:9", registry_preregistration="mosip")
