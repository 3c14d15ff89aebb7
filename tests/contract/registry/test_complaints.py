"""Complaints, appeals, and how a person is reached."""

from __future__ import annotations

import uuid

import pytest

from actions.registry.port import INVALID
from actions.registry.shapes import ApplicationState, ComplaintState, ContactChange, RefusalReason
from core.errors import RegistryRefused
from tests.contract.registry import people
from tests.contract.registry.operations import a_complaint
from tests.contract.registry.worlds import World


def test_a_complaint_is_found_by_its_reference_and_its_person(world: World, somebody: str) -> None:
    sent = a_complaint(somebody)

    receipt = world.registry.submit_complaint(sent)

    assert sent.reference == receipt.reference
    complaint = world.registry.complaint(sent.reference, "fr")
    assert complaint is not None
    assert ("payment", ComplaintState.RECEIVED) == (complaint.category, complaint.state)
    assert (complaint,) == world.registry.complaints(somebody, "fr")


def test_the_same_key_is_the_same_complaint(world: World, somebody: str) -> None:
    sent = a_complaint(somebody)

    assert world.registry.submit_complaint(sent) == world.registry.submit_complaint(sent)
    assert 1 == len(world.registry.complaints(somebody, "fr"))


def test_somebody_who_gives_no_name_may_complain(world: World) -> None:
    sent = a_complaint("", about="")

    assert sent.reference == world.registry.submit_complaint(sent).reference


@pytest.mark.parametrize("faulty", [{"idcs": people.NOBODY}, {"category": ""}])
def test_a_faulty_complaint_is_refused(world: World, somebody: str, faulty: dict[str, str]) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.submit_complaint(a_complaint(**({"idcs": somebody} | faulty)))

    assert INVALID == refused.value.reason


def test_an_answer_is_in_the_language_asked_for(world: World) -> None:
    answered = [
        complaint
        for complaint in world.registry.complaints(people.MUSTAPHA, "fr")
        if complaint.state is ComplaintState.ANSWERED
    ]

    assert ["Votre compte a été vérifié. Le paiement sera refait."] == [
        complaint.answer for complaint in answered
    ]


def test_complaints_come_newest_first(world: World) -> None:
    days = [complaint.since for complaint in world.registry.complaints(people.MUSTAPHA, "fr")]

    assert 3 == len(days)
    assert sorted(days, reverse=True) == days


def test_an_appeal_in_time_opens_the_application_again(world: World) -> None:
    refused = next(
        one
        for one in world.registry.applications(people.TUDA, "fr")
        if one.reason is RefusalReason.OTHER_ALLOWANCE
    )
    assert ApplicationState.REFUSED is refused.state

    appeal = a_complaint(people.TUDA, category="appeal", about=refused.reference)
    world.registry.submit_complaint(appeal)

    application = world.registry.application(refused.reference, "fr")
    assert application is not None
    assert ApplicationState.APPEALED is application.state
    assert RefusalReason.OTHER_ALLOWANCE is application.reason


@pytest.mark.parametrize(
    ("whose", "reason"),
    [(people.DRISS, RefusalReason.PUBLIC_EMPLOYEE), (people.NADIA, RefusalReason.PENSION)],
    ids=["too late", "somebody else's"],
)
def test_any_other_appeal_is_kept_and_changes_nothing(
    world: World, whose: str, reason: RefusalReason
) -> None:
    refused = next(
        one
        for idcs in (people.DRISS, people.TUDA)
        for one in world.registry.applications(idcs, "fr")
        if one.reason is reason
    )

    appeal = a_complaint(whose, category="appeal", about=refused.reference)
    world.registry.submit_complaint(appeal)

    assert refused == world.registry.application(refused.reference, "fr")


@pytest.mark.parametrize("typed", ["", "1", "x" * 500, "\ud800"])
def test_nonsense_finds_no_complaint(world: World, typed: str) -> None:
    assert world.registry.complaint(typed, "fr") is None
    assert () == world.registry.complaints(typed, "fr")


def test_a_new_number_is_the_one_on_file(world: World, somebody: str) -> None:
    change = ContactChange(uuid.uuid4().hex, phone="+212661234567")

    receipt = world.registry.update_contact(somebody, change)

    assert receipt.reference
    person = world.registry.person(somebody, "fr")
    assert person is not None
    assert "+212661234567" == person.phone


def test_the_same_key_changes_a_number_once(world: World, somebody: str) -> None:
    first = ContactChange(uuid.uuid4().hex, phone="+212661234567")
    receipt = world.registry.update_contact(somebody, first)
    world.registry.update_contact(somebody, ContactChange(uuid.uuid4().hex, "+212669999999"))

    assert receipt == world.registry.update_contact(somebody, first)
    person = world.registry.person(somebody, "fr")
    assert person is not None
    assert "+212669999999" == person.phone


def test_an_address_leaves_the_number_as_it_is(world: World, somebody: str) -> None:
    before = world.registry.person(somebody, "fr")
    world.registry.update_contact(somebody, ContactChange(uuid.uuid4().hex, address="1, rue X"))

    assert before == world.registry.person(somebody, "fr")


@pytest.mark.parametrize("change", [{}, {"phone": "0661234567"}, {"phone": "+2126"}])
def test_a_change_of_nothing_or_to_no_number_is_refused(
    world: World, somebody: str, change: dict[str, str]
) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.update_contact(somebody, ContactChange(uuid.uuid4().hex, **change))

    assert INVALID == refused.value.reason


def test_a_change_for_nobody_is_refused(world: World) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.update_contact(people.NOBODY, ContactChange("key", address="1, rue X"))

    assert INVALID == refused.value.reason
