"""The pretend registry as the topics' tests set it up."""

from __future__ import annotations

import pytest

from actions.registry.port import ALREADY_OPEN
from actions.registry.shapes import ApplicationState, ContactChange, RefusalReason
from core.errors import RegistryRefused, RegistryTimeout, RegistryUnavailable
from tests.unit.actions.files import (
    APPLIED,
    TODAY,
    a_member,
    a_new_application,
    a_new_complaint,
    a_payment,
    a_slot,
    an_application,
    an_office,
)
from tests.unit.actions.world import KHADIJA, SALMA, ZINEB, World


def test_a_household_is_given_in_a_line_and_all_its_members_see_it(world: World) -> None:
    world.give(KHADIJA, members=[a_member(KHADIJA), a_member(SALMA)], payments=[a_payment()])

    assert {KHADIJA, SALMA} == {member.idcs for member in world.registry.members(SALMA, "fr")}
    assert (a_payment(),) == world.registry.payments(SALMA, "fr")


def test_what_one_hands_in_the_household_sees_and_a_stranger_does_not(world: World) -> None:
    world.give(KHADIJA, members=[a_member(KHADIJA), a_member(SALMA)])

    receipt = world.registry.submit_application(a_new_application(KHADIJA))

    assert APPLIED == receipt.reference
    assert [APPLIED] == [one.reference for one in world.registry.applications(SALMA, "fr")]
    assert () == world.registry.applications(ZINEB, "fr")
    assert [KHADIJA] == [sent.idcs for sent in world.registry.submitted]


def test_an_answer_that_gets_lost_was_taken_and_is_given_again(world: World) -> None:
    world.registry.lost = RegistryTimeout()
    with pytest.raises(RegistryTimeout):
        world.registry.submit_application(a_new_application(KHADIJA))
    world.registry.lost = None

    assert APPLIED == world.registry.submit_application(a_new_application(KHADIJA)).reference
    assert 1 == len(world.registry.submitted)


def test_a_second_application_under_way_is_refused(world: World) -> None:
    world.give(KHADIJA, applications=[an_application()])

    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_application(a_new_application(KHADIJA, idempotency_key="other"))

    assert ALREADY_OPEN == refused.value.reason


def test_a_decision_stands_when_the_rest_of_a_file_changes(world: World) -> None:
    world.give(KHADIJA, applications=[an_application()])
    world.registry.decide(
        APPLIED,
        ApplicationState.REFUSED,
        reason=RefusalReason.PENSION,
        appeal_by=TODAY,
    )
    world.give(KHADIJA, payments=[a_payment()])

    (application,) = world.registry.applications(KHADIJA, "fr")
    assert (ApplicationState.REFUSED, RefusalReason.PENSION) == (
        application.state,
        application.reason,
    )


def test_an_appeal_opens_a_refused_application_again(world: World) -> None:
    refused = an_application(state=ApplicationState.REFUSED, appeal_by=TODAY)
    world.give(KHADIJA, applications=[refused])

    world.registry.submit_complaint(a_new_complaint(KHADIJA, category="appeal", about=APPLIED))

    application = world.registry.application(APPLIED, "fr")
    assert application is not None
    assert ApplicationState.APPEALED == application.state


def test_a_booked_appointment_is_free_no_more(world: World) -> None:
    world.registry.know_office(an_office("C-1", a_slot("one"), a_slot("two")))
    world.registry.submit_application(
        a_new_application("", programme="rnp", answers={"appointment": "one"})
    )

    assert ["two"] == [slot.code for slot in world.registry.slots("C-1")]


def test_a_new_number_is_the_one_on_file(world: World) -> None:
    world.registry.update_contact(KHADIJA, ContactChange("key", phone="+212611111111"))

    person = world.registry.person(KHADIJA, "fr")
    assert person is not None
    assert "+212611111111" == person.phone


def test_a_failure_breaks_every_operation(world: World) -> None:
    world.registry.failure = RegistryUnavailable()

    with pytest.raises(RegistryUnavailable):
        world.registry.submit_application(a_new_application(KHADIJA))
    with pytest.raises(RegistryUnavailable):
        world.registry.offices("Salé", "fr")
