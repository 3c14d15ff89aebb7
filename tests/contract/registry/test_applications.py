"""Applications: taken once, under one reference, seen by the household, refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from actions.registry.port import (
    ALREADY_OPEN,
    INVALID,
    NOT_IN_HOUSEHOLD,
    PROGRAMME_CLOSED,
    SLOT_TAKEN,
)
from actions.registry.shapes import ApplicationState, RefusalReason
from core.errors import RegistryRefused
from core.references import new_reference, read_reference
from tests.contract.registry import people
from tests.contract.registry.operations import an_application
from tests.contract.registry.worlds import World


def test_an_application_has_the_reference_the_citizen_was_given(
    world: World, somebody: str
) -> None:
    sent = an_application(somebody)

    receipt = world.registry.submit_application(sent)

    assert sent.reference == receipt.reference
    application = world.registry.application(sent.reference, "fr")
    assert application is not None
    assert (sent.programme, ApplicationState.RECEIVED) == (
        application.programme,
        application.state,
    )
    assert application in world.registry.applications(somebody, "ar")


def test_the_agency_of_social_aid_decides_within_thirty_days(world: World, somebody: str) -> None:
    reference = world.registry.submit_application(an_application(somebody)).reference

    application = world.registry.application(reference, "fr")
    assert application is not None
    assert application.given_on + timedelta(days=30) == application.next_by


def test_of_other_programmes_no_day_is_known(world: World, somebody: str) -> None:
    sent = an_application(somebody, programme="amo_achamil")

    application = world.registry.application(
        world.registry.submit_application(sent).reference, "fr"
    )
    assert application is not None
    assert application.next_by is None


def test_the_same_key_is_the_same_application_and_receipt(world: World, somebody: str) -> None:
    sent = an_application(somebody)
    first = world.registry.submit_application(sent)
    before = world.registry.applications(somebody, "fr")

    assert first == world.registry.submit_application(sent)
    assert before == world.registry.applications(somebody, "fr")


def test_a_refusal_is_not_kept_under_its_key(world: World, somebody: str) -> None:
    sent = an_application(somebody, for_idcs=(people.FATIMA,))
    with pytest.raises(RegistryRefused):
        world.registry.submit_application(sent)

    mended = an_application(somebody, idempotency_key=sent.idempotency_key)
    assert mended.reference == world.registry.submit_application(mended).reference


@pytest.mark.parametrize("reference", ["", "712345678944", "123", "112345678943"])
def test_a_faulty_reference_is_replaced_by_one_of_the_registrys(
    world: World, somebody: str, reference: str
) -> None:
    receipt = world.registry.submit_application(an_application(somebody, reference=reference))

    assert reference != receipt.reference
    assert receipt.reference == read_reference(receipt.reference)
    assert world.registry.application(receipt.reference, "fr") is not None


def test_a_reference_that_is_taken_stays_what_it_was(
    world: World, somebody: str, another: str
) -> None:
    taken = world.registry.submit_application(an_application(another)).reference

    receipt = world.registry.submit_application(an_application(somebody, reference=taken))

    assert taken != receipt.reference
    theirs = {one.reference for one in world.registry.applications(another, "fr")}
    assert taken in theirs
    assert receipt.reference not in theirs


def test_a_reference_the_registry_did_not_adopt_is_known_all_the_same(
    world: World, somebody: str
) -> None:
    foreign = f"ASD-{new_reference()[:8]}"
    receipt = world.registry.submit_application(an_application(somebody, reference=foreign))

    application = world.registry.application(foreign, "fr")
    assert application is not None
    assert receipt.reference == application.reference


def test_the_whole_household_sees_it_and_nobody_else(
    world: World, somebody: str, another: str
) -> None:
    reference = world.registry.submit_application(an_application(somebody)).reference

    for member in world.registry.members(somebody, "fr"):
        seen = {one.reference for one in world.registry.applications(member.idcs, "fr")}
        assert reference in seen
    others = {one.reference for one in world.registry.applications(another, "fr")}
    assert reference not in others


def test_a_second_one_for_the_same_people_is_refused(world: World, somebody: str) -> None:
    world.registry.submit_application(an_application(somebody))

    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_application(an_application(somebody))

    assert ALREADY_OPEN == refused.value.reason


def test_two_children_may_have_one_each(world: World, somebody: str) -> None:
    first, second = (member.idcs for member in world.registry.members(somebody, "fr")[-2:])
    world.registry.submit_application(an_application(somebody, for_idcs=(first,)))

    world.registry.submit_application(an_application(somebody, for_idcs=(second,)))
    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_application(an_application(somebody, for_idcs=(first,)))

    assert ALREADY_OPEN == refused.value.reason


@pytest.mark.parametrize("programme", ["tayssir", "million_bags"])
def test_a_programme_that_ended_takes_none(world: World, somebody: str, programme: str) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_application(an_application(somebody, programme=programme))

    assert PROGRAMME_CLOSED == refused.value.reason


def test_a_programme_of_tomorrow_takes_one(world: World, somebody: str) -> None:
    sent = an_application(somebody, programme="help_after_a_flood")

    assert sent.reference == world.registry.submit_application(sent).reference


def test_somebody_of_another_household_is_refused(
    world: World, somebody: str, another: str
) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_application(an_application(somebody, for_idcs=(another,)))

    assert NOT_IN_HOUSEHOLD == refused.value.reason


@pytest.mark.parametrize(
    "faulty", [{"idcs": people.NOBODY}, {"idcs": ""}, {"programme": ""}, {"idempotency_key": ""}]
)
def test_a_faulty_application_is_refused(
    world: World, somebody: str, faulty: dict[str, str]
) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_application(an_application(**({"idcs": somebody} | faulty)))

    assert INVALID == refused.value.reason


def test_the_rnp_is_entered_with_an_appointment_by_somebody_unknown(world: World) -> None:
    slot = world.registry.slots("CSC-06-01")[0]
    sent = an_application("", programme="rnp", answers={"appointment": slot.code})

    receipt = world.registry.submit_application(sent)

    assert sent.reference == receipt.reference
    assert slot not in world.registry.slots("CSC-06-01")


def test_an_appointment_is_given_once_and_its_refusal_takes_nothing(
    world: World, somebody: str
) -> None:
    slot = world.registry.slots("CSC-06-02")[0]
    answers = {"appointment": slot.code}
    world.registry.submit_application(an_application("", programme="rnp", answers=answers))
    late = an_application(somebody, programme="rnp", answers=answers)

    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_application(late)

    assert SLOT_TAKEN == refused.value.reason
    assert world.registry.application(late.reference, "fr") is None


@pytest.mark.parametrize("code", ["", "nowhere-202601010900", "CSC-06-01-200001030900"])
def test_an_appointment_that_does_not_exist_cannot_be_had(world: World, code: str) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_application(
            an_application("", programme="rnp", answers={"appointment": code})
        )

    assert SLOT_TAKEN == refused.value.reason


def test_every_state_and_every_reason_is_somebodys(world: World) -> None:
    told = [
        application
        for idcs in people.APPLICANTS
        for application in world.registry.applications(idcs, "fr")
    ]

    assert set(ApplicationState) == {application.state for application in told}
    reasons = {application.reason for application in told if application.reason}
    assert set(RefusalReason) == reasons


def test_a_refusal_may_be_contested_for_fifteen_days(world: World) -> None:
    refused = next(
        one
        for one in world.registry.applications(people.TUDA, "fr")
        if one.reason is RefusalReason.OTHER_ALLOWANCE
    )

    assert refused.since + timedelta(days=15) == refused.appeal_by
    assert refused.since < datetime.now(UTC).date()


def test_what_is_missing_is_told(world: World) -> None:
    first = world.registry.applications(people.OMAR, "zgh")[0]

    assert ("birth_certificate", "school_certificate") == first.missing


@pytest.mark.parametrize("typed", ["", "1", "x" * 500, "\ud800", "' OR 1=1 --"])
def test_nonsense_finds_no_application(world: World, typed: str) -> None:
    assert world.registry.application(typed, "fr") is None
    assert () == world.registry.applications(typed, "fr")
