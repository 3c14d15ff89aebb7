"""Emergency programmes: two persons agree, and every step stands in the audit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from records.audit import Audit
from records.database import Database
from records.emergencies import Emergencies, EmergencyState, Proposal, StepRefused
from records.tables import AuditRow
from tests.builders import NOW
from tests.contract.records.conftest import HandClock

FLOOD = Proposal(
    key="flood",
    fingerprint="f" * 64,
    plan="{}",
    starts=NOW,
    ends=NOW + timedelta(days=7),
    rate_per_minute=60,
    budget=1000,
)


@pytest.fixture
def emergencies(database: Database, clock: HandClock) -> Emergencies:
    return Emergencies(database, clock)


def state(emergencies: Emergencies) -> EmergencyState:
    found = emergencies.find("flood")
    assert found is not None
    return found.state


def approved(emergencies: Emergencies) -> Emergencies:
    emergencies.propose(FLOOD, "Amal", "ops")
    emergencies.approve("flood", "Badr", "ops")
    return emergencies


def test_nobody_may_apply_before_a_second_person_approved(emergencies: Emergencies) -> None:
    emergencies.propose(FLOOD, "Amal", "ops")
    before = emergencies.open_keys()
    emergencies.approve("flood", "Badr", "ops")

    assert frozenset() == before
    assert {"flood"} == emergencies.open_keys()


@pytest.mark.parametrize("same", ["Amal Idrissi", "amal idrissi", "  Amal   Idrissi "])
def test_who_proposed_cannot_approve(emergencies: Emergencies, same: str) -> None:
    emergencies.propose(FLOOD, "Amal Idrissi", "ops")

    with pytest.raises(StepRefused, match="somebody else"):
        emergencies.approve("flood", same, "ops")
    assert EmergencyState.PROPOSED is state(emergencies)


def test_nobody_approves_what_they_did_not_read(emergencies: Emergencies) -> None:
    emergencies.propose(FLOOD, "Amal", "ops")
    emergencies.propose(replace(FLOOD, fingerprint="a" * 64, budget=9000), "Amal", "ops")

    with pytest.raises(StepRefused, match="anew"):
        emergencies.approve("flood", "Badr", "ops", fingerprint="ffff")
    emergencies.approve("flood", "Badr", "ops", fingerprint="aaaa")


def test_the_same_file_proposed_again_changes_nothing(emergencies: Emergencies) -> None:
    approved(emergencies)

    assert not emergencies.propose(FLOOD, "Chafik", "ops")
    assert EmergencyState.APPROVED is state(emergencies)


def test_a_changed_file_has_to_be_approved_anew(emergencies: Emergencies) -> None:
    approved(emergencies)

    assert emergencies.propose(replace(FLOOD, fingerprint="a" * 64), "Chafik", "ops")
    assert frozenset() == emergencies.open_keys()
    with pytest.raises(StepRefused):
        emergencies.approve("flood", "Chafik", "ops")


def test_it_is_open_from_its_first_moment_until_its_last(
    emergencies: Emergencies, clock: HandClock
) -> None:
    approved(emergencies)
    clock.now = NOW - timedelta(seconds=1)
    before = emergencies.open_keys()
    clock.now = FLOOD.ends - timedelta(seconds=1)
    within = emergencies.open_keys()
    clock.now = FLOOD.ends

    assert [frozenset(), {"flood"}] == [before, within]
    assert frozenset() == emergencies.open_keys()


def test_what_is_over_cannot_be_approved(emergencies: Emergencies, clock: HandClock) -> None:
    emergencies.propose(FLOOD, "Amal", "ops")
    clock.move(days=8)

    with pytest.raises(StepRefused, match="ended"):
        emergencies.approve("flood", "Badr", "ops")


def test_paused_it_can_be_applied_for_and_stopped_it_cannot(emergencies: Emergencies) -> None:
    approved(emergencies).pause("flood", "Amal", "ops")
    paused = emergencies.open_keys()
    emergencies.resume("flood", "Amal", "ops")
    emergencies.stop("flood", "Amal", "ops")

    assert {"flood"} == paused
    assert frozenset() == emergencies.open_keys()


@pytest.mark.parametrize("step", ["approve", "pause", "resume", "stop"])
def test_a_step_that_does_not_follow_is_refused(emergencies: Emergencies, step: str) -> None:
    with pytest.raises(StepRefused, match="no emergency"):
        getattr(emergencies, step)("flood", "Badr", "ops")
    approved(emergencies).stop("flood", "Amal", "ops")

    with pytest.raises(StepRefused, match="is stopped"):
        getattr(emergencies, step)("flood", "Badr", "ops")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_step_needs_a_name(emergencies: Emergencies, name: str) -> None:
    with pytest.raises(StepRefused, match="name"):
        emergencies.propose(FLOOD, name, "ops")


def test_who_did_what_stands_in_the_audit(database: Database, emergencies: Emergencies) -> None:
    approved(emergencies).pause("flood", "Chafik", "deploy")
    with database.reading() as session:
        rows = session.scalars(sa.select(AuditRow).order_by(AuditRow.number)).all()
        told = [(row.event, json.loads(row.detail)) for row in rows]

    assert [
        ("emergency.proposed", "Amal", "ops"),
        ("emergency.approved", "Badr", "ops"),
        ("emergency.paused", "Chafik", "deploy"),
    ] == [(event, detail["by"], detail["account"]) for event, detail in told]
    assert {"flood"} == {detail["emergency"] for _, detail in told}
    assert Audit(database).verify().broken_at is None
