"""What the registry knows of people, households and enrolments."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions.registry.calls import Exchange
from actions.registry.port import EnrolmentStatus, RnpStatus, RsuStatus
from actions.registry.records import read_members
from tests.contract.registry import people
from tests.contract.registry.conftest import Sandbox
from tests.contract.registry.population import pretend_records
from tests.contract.registry.worlds import World, a_client


@pytest.fixture
def world(any_world: World) -> World:
    """In every manner of speaking."""
    return any_world


def test_a_person_is_found_with_what_verification_needs(world: World) -> None:
    person = world.registry.person(people.FATIMA, "ary")

    assert person is not None
    assert person.idcs == people.FATIMA
    assert date(1985, 3, 12) == person.birth_date
    assert people.FATIMA_PHONE == person.phone
    assert "ary" == person.preferred_language


def test_an_unknown_identifier_is_an_answer(world: World) -> None:
    assert world.registry.person(people.NOBODY, "fr") is None
    assert world.registry.household(people.NOBODY, "fr") is None
    assert () == world.registry.enrolments(people.NOBODY, "fr")


@pytest.mark.parametrize("typed", ["", "1", "x" * 500, "٢١١١١١١١١١", "' OR 1=1 --", "\ud800"])
def test_nonsense_in_place_of_an_identifier_belongs_to_nobody(world: World, typed: str) -> None:
    assert world.registry.person(typed, "fr") is None


@pytest.mark.parametrize("language", ["ar", "ary", "fr", "zgh"])
def test_every_language_of_ours_is_understood(world: World, language: str) -> None:
    assert world.registry.person(people.FATIMA, language) is not None


@pytest.mark.parametrize(
    ("idcs", "status"),
    [
        (people.FATIMA, RnpStatus.REGISTERED),
        (people.YOUSSEF, RnpStatus.PRE_REGISTERED),
        (people.AICHA, RnpStatus.DATA_TO_UPDATE),
    ],
)
def test_each_status_of_a_person_is_told(world: World, idcs: str, status: RnpStatus) -> None:
    person = world.registry.person(idcs, "fr")

    assert person is not None
    assert status == person.rnp_status


@pytest.mark.parametrize(
    ("idcs", "status"),
    [
        (people.FATIMA, RsuStatus.INDEX_READY),
        (people.AICHA, RsuStatus.DATA_TO_UPDATE),
        (people.HASSAN, RsuStatus.AWAITING_VISIT),
        (people.ZINEB, RsuStatus.REGISTERED),
        (people.RACHID, RsuStatus.PRE_REGISTERED),
    ],
)
def test_each_status_of_a_household_is_told(world: World, idcs: str, status: RsuStatus) -> None:
    household = world.registry.household(idcs, "fr")

    assert household is not None
    assert status == household.rsu_status


def test_an_index_is_exact_to_its_last_digit_and_dated(world: World) -> None:
    household = world.registry.household(people.KHADIJA, "ar")

    assert household is not None
    assert Decimal("9.743001") == household.index
    assert world.today - timedelta(days=30) == household.index_date
    assert 2 == household.size


def test_a_household_without_an_index_has_no_date_of_one(world: World) -> None:
    household = world.registry.household(people.ZINEB, "ar")

    assert household is not None
    assert household.index is None
    assert household.index_date is None


def test_a_person_without_a_household_has_none(world: World) -> None:
    assert world.registry.person(people.SALMA, "fr") is not None
    assert world.registry.household(people.SALMA, "fr") is None
    assert () == world.registry.enrolments(people.SALMA, "fr")


@pytest.mark.parametrize("idcs", [people.FATIMA, people.SALMA, people.NOBODY])
def test_person_and_household_are_told_at_once_as_they_are_one_by_one(
    world: World, idcs: str
) -> None:
    alone = world.registry.person(idcs, "fr"), world.registry.household(idcs, "fr")

    assert alone == world.registry.registration(idcs, "fr")


@pytest.mark.parametrize(("takes_several", "messages"), [(True, [2]), (False, [1, 1])])
def test_they_are_asked_for_in_one_message_where_the_registry_takes_several(
    sandbox: Sandbox, takes_several: bool, messages: list[int]
) -> None:
    sent: list[int] = []

    def count(exchange: Exchange) -> None:
        if exchange.path.endswith("/search"):
            sent.append(len(json.loads(exchange.sent)["message"]["search_request"]))

    registry = a_client(sandbox.url, witness=count, registry_takes_several=takes_several)
    person, household = registry.registration(people.FATIMA, "fr")

    assert person is not None
    assert household is not None
    assert messages == sent


def test_enrolments_come_oldest_first_with_their_status(world: World) -> None:
    enrolments = world.registry.enrolments(people.MOHAMED, "fr")

    assert [("amo_tadamon", EnrolmentStatus.SUSPENDED), ("asd", EnrolmentStatus.ACTIVE)] == [
        (enrolment.programme, enrolment.status) for enrolment in enrolments
    ]


def test_being_enrolled_is_told_by_yes_and_no(world: World) -> None:
    asked = [
        (people.FATIMA, "asd"),
        (people.MOHAMED, "asd"),
        (people.MOHAMED, "amo_tadamon"),
        (people.SALMA, "asd"),
        (people.NOBODY, "asd"),
    ]

    assert [True, True, False, False, False] == [world.registry.is_enrolled(*one) for one in asked]


def test_a_programme_that_ended_is_told_as_ended(world: World) -> None:
    (enrolment,) = world.registry.enrolments(people.MALIKA, "ary")

    assert EnrolmentStatus.ENDED == enrolment.status


def test_an_identifier_that_fails_its_check_digit_may_be_somebodys(world: World) -> None:
    assert world.registry.person(people.MALIKA, "ary") is not None


def test_a_person_without_a_phone_has_none(world: World) -> None:
    person = world.registry.person(people.LAHCEN, "zgh")

    assert person is not None
    assert person.phone is None


def test_everybody_reads_the_same_through_every_implementation(untouched: World) -> None:
    registry = untouched.registry
    for record in list(pretend_records(datetime.now(UTC).date()))[::25]:
        idcs = record.person.idcs

        assert record.person == registry.person(idcs, "ar")
        assert record.household == registry.household(idcs, "ar")
        assert set(record.enrolments) == set(registry.enrolments(idcs, "ar"))
        assert set(record.members) == set(registry.members(idcs, "fr"))
        assert set(record.covers) == set(registry.covers(idcs, "ar"))
        assert set(record.payments) == set(registry.payments(idcs, "fr"))
        assert set(record.applications) == set(registry.applications(idcs, "ar"))
        assert set(record.complaints) == set(registry.complaints(idcs, "fr"))
        office = registry.home_office(idcs, "fr")
        assert record.home_office == (office.code if office else "")


def test_members_named_by_identifier_alone_are_asked_about(sandbox: Sandbox) -> None:
    registry = a_client(sandbox.url)
    group = {"group_size": 1, "member_list": [{"member_identifier": [uin(people.FATIMA)]}]}
    known = registry.members(people.FATIMA, "fr")

    def member_of(idcs: str) -> list[dict[str, Any]]:
        asked.append(idcs)
        born = next(one.birth_date for one in known if one.idcs == idcs)
        told = {"birth_date": born.isoformat(), "name": {"given_name": "Fatima"}}
        return [{"member_identifier": [uin(idcs)], "demographic_info": told}]

    asked: list[str] = []
    (member,) = read_members([group], member_of)

    assert [people.FATIMA] == asked
    assert member in known


def uin(idcs: str) -> dict[str, str]:
    """An identifier as the wire has it."""
    return {"identifier_type": "UIN", "identifier_value": idcs}
