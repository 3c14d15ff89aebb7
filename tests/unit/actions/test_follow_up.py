"""A reference tells how far a request is; why, and what is missing, is told to the person alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions.registry.shapes import ApplicationState, RefusalReason
from core.references import in_groups, new_reference
from core.vault import SHOWN
from tests.builders import NOW
from tests.unit.actions.files import an_application
from tests.unit.actions.world import KHADIJA, ZINEB, Engine, World

TODAY = NOW.date()


def follow(engine: Engine, reference: str = "") -> list[str]:
    """Ask what became of a request, and hear the response keys."""
    engine.hear("track_application")
    engine.set_slot("reference", engine.seal(reference, "reference") if reference else None)
    return engine.run("action_follow_application").keys


def verified(engine: Engine) -> Engine:
    """A caller who has proved who they are."""
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    assert "verified" == engine.slots["outcome"]
    engine.active = None
    return engine


def test_without_a_reference_the_citizen_is_asked_who_they_are(engine: Engine) -> None:
    assert [] == follow(engine)
    assert "identity_form" == engine.returned[0]["name"]


def test_a_reference_tells_the_state_and_neither_the_reason_nor_the_papers(
    world: World, engine: Engine
) -> None:
    refused = an_application(
        state=ApplicationState.REFUSED, reason=RefusalReason.PENSION, reference=new_reference()
    )
    world.give(applications=(refused,))

    assert ["utter_application_refused", "utter_follow_details"] == follow(
        engine, in_groups(refused.reference)
    )


def test_a_reference_typed_wrong_is_told_apart_from_one_nobody_has(engine: Engine) -> None:
    reference = new_reference()
    wrong = reference[:-1] + str((int(reference[-1]) + 1) % 10)

    assert ["utter_reference_faulty"] == follow(engine, wrong)
    assert ["utter_reference_unknown"] == follow(engine, reference)


def test_references_cannot_be_guessed_without_end(world: World, engine: Engine) -> None:
    for _ in range(world.settings.tries_per_number):
        assert ["utter_reference_unknown"] == follow(engine, new_reference())

    assert "utter_too_many_tries" in follow(engine, new_reference())


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_the_verified_citizen_reads_why_and_until_when_to_contest(
    world: World, engine: Engine, reason: RefusalReason
) -> None:
    until = TODAY + timedelta(days=3)
    refused = an_application(state=ApplicationState.REFUSED, reason=reason, appeal_by=until)
    world.give(applications=(refused,))

    keys = follow(verified(engine))

    assert [f"utter_refused_{reason.value}", "utter_application_reference"] == keys[1:3]
    assert "utter_appeal_by" == keys[3]


def test_after_the_last_day_nobody_is_sent_to_contest(world: World, engine: Engine) -> None:
    over = TODAY - timedelta(days=1)
    world.give(applications=(an_application(state=ApplicationState.REFUSED, appeal_by=over),))

    assert "utter_appeal_over" == follow(verified(engine))[-1]


def test_missing_papers_are_named(world: World, engine: Engine) -> None:
    missing = an_application(
        state=ApplicationState.DOCUMENTS_MISSING, missing=("something_nobody_named",)
    )
    world.give(applications=(missing,))

    keys = follow(verified(engine))

    assert "utter_application_missing_other" in keys
    assert "utter_application_bring" in keys


def test_several_requests_are_offered_and_the_engine_never_learns_their_references(
    world: World, engine: Engine
) -> None:
    first, second = (
        an_application(reference=new_reference()),
        an_application(programme="amo_tadamon", reference=new_reference()),
    )
    world.give(applications=(first, second))
    verified(engine)

    assert ["utter_choose_application"] == follow(engine)

    told = str(engine.events) + str(engine.slots)
    assert first.reference not in told
    assert second.reference not in told


def test_a_request_of_another_household_is_not_found(world: World, engine: Engine) -> None:
    theirs = an_application(reference=new_reference())
    world.give(ZINEB, applications=(theirs,))

    assert ["utter_reference_unknown"] == follow(verified(engine), theirs.reference)


def test_what_is_told_of_a_request_is_sealed(world: World, engine: Engine) -> None:
    world.give(applications=(an_application(),))
    follow(verified(engine))

    for _, values in engine.said:
        for name in ("date", "reference"):
            if name in values:
                assert values[name].startswith(f"[[{SHOWN}:")


def test_the_disclosure_is_in_the_audit_log(world: World, engine: Engine) -> None:
    world.give(applications=(an_application(),))
    follow(verified(engine))

    with world.database.reading() as session:
        events = session.scalars(sa.text("SELECT event FROM audit")).all()
    assert "disclosure.applications" in events
