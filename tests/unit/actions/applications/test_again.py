"""Whoever never saw their receipt and asks again: one request, the same reference, no questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
import sqlalchemy as sa

from actions.applications.walk import Filled
from core.references import new_reference
from records.applications import HandedIn
from records.tables import AuditRow, SubmissionRow
from tests.unit.actions.applications.filling import PROGRAMMES, Filler, at_the_summary, handed_in
from tests.unit.actions.files import a_member
from tests.unit.actions.test_follow_changes import queued
from tests.unit.actions.world import KHADIJA, OTHER_NUMBER, SALMA, ZINEB, World

ALREADY = [
    "utter_application_already",
    "utter_application_sent",
    "utter_application_decision",
]
FIRST = "Combien d'enfants ?"


def a_world(store: redis.Redis, records_url: str, hours: float) -> World:
    """A world in which an operator has set so many hours."""
    world = World(store, records_url, programmes_folder=str(PROGRAMMES), apply_again_hours=hours)
    names = {KHADIJA: "Khadija", ZINEB: "Amina", SALMA: "Saïd"}
    world.give(KHADIJA, members=[a_member(idcs, name) for idcs, name in names.items()])
    return world


def sent(filler: Filler) -> str:
    """The reference of what somebody filled in and sent."""
    at_the_summary(filler).choose("send").choose("no").choose("yes")
    return reference(filler)


def reference(filler: Filler) -> str:
    """The reference that was read last."""
    [told] = [one for one in filler.told if one["response"] == "utter_application_sent"]
    return filler.opened(told["reference"])


def again(world: World, kind: str = "whatsapp", **more: Any) -> Filler:
    """The same person asks once more, in another conversation."""
    return Filler(world, kind, **more).verified().begin()


def become(world: World, state: str) -> None:
    """What was handed in has come so far."""
    with world.database.session() as session:
        session.execute(sa.update(SubmissionRow).values(state=state))


def events(world: World) -> list[str]:
    """The events of the audit, the oldest first."""
    with world.database.reading() as session:
        return list(session.scalars(sa.select(AuditRow.event).order_by(AuditRow.number)))


@contextmanager
def looked_up(world: World) -> Iterator[list[str]]:
    """The statements that read what was handed in."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM submissions" in statement:
            seen.append(statement)

    sa.event.listen(world.database.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(world.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("kind", ["ussd", "whatsapp", "sms"])
def test_who_asks_again_reads_when_it_was_made_its_reference_and_what_comes_next(
    world: World, filler: Filler, kind: str
) -> None:
    first = sent(filler)
    second = again(world, kind)

    assert ALREADY == second.heard()
    assert first == reference(second)
    assert "23/11/2026" == second.opened(second.told[0]["date"])
    assert 1 == len(handed_in(world))


def test_it_ends_as_what_was_just_sent_does(world: World, filler: Filler) -> None:
    sent(filler)
    after_sending = filler.run("action_end_application").keys
    second = again(world)

    assert ("sent", None) == (second.slots["application"], second.active)
    assert after_sending == second.run("action_end_application").keys == ["utter_ask_follow"]
    assert [] == world.services.desk.of(world.pseudonyms.person(KHADIJA))


def test_no_sms_goes_again_and_nothing_is_queued_again(world: World, filler: Filler) -> None:
    sent(filler)
    assert "utter_application_sms" in filler.heard()
    queued(world)
    second = again(world)

    assert "utter_application_sms" not in second.heard()
    assert [] == queued(world)


def test_that_the_reference_was_shown_again_is_in_the_audit(world: World, filler: Filler) -> None:
    sent(filler)
    before = len(events(world))
    again(world)

    assert ["disclosure.receipt"] == events(world)[before:]


def test_its_answer_is_due_by_the_day_it_was_due_by(store: redis.Redis, records_url: str) -> None:
    world = a_world(store, records_url, hours=24)
    sent(Filler(world).verified())
    world.pass_time(hours=20)
    told = {one["response"]: one for one in again(world).told}

    assert "13/12/2026" == told["utter_application_decision"]["date"]
    world.close()


def test_after_an_hour_it_may_be_asked_for_again(world: World, filler: Filler) -> None:
    sent(filler)
    world.pass_time(hours=0.9)
    assert ALREADY == again(world).heard()

    world.pass_time(hours=0.2)

    assert FIRST == again(world).question()


@pytest.mark.parametrize("state", ["queued", "sent", "stuck"])
def test_until_the_registry_refuses_it_it_was_made(
    world: World, filler: Filler, state: str
) -> None:
    first = sent(filler)
    become(world, state)

    assert first == reference(again(world))


def test_what_the_registry_refused_may_be_asked_for_again(world: World, filler: Filler) -> None:
    sent(filler)
    become(world, "refused")

    assert FIRST == again(world).question()


def test_somebody_else_on_the_same_number_is_told_nothing_of_it(
    world: World, filler: Filler
) -> None:
    sent(filler)
    other = Filler(world, "whatsapp").verified(ZINEB).begin()

    assert FIRST == other.question()
    assert ["utter_application_question"] == other.heard()


def test_it_follows_the_person_to_another_number(world: World, filler: Filler) -> None:
    first = sent(filler)

    assert first == reference(again(world, number=OTHER_NUMBER))


def test_another_programme_is_asked_for_as_before(world: World, filler: Filler) -> None:
    sent(filler)
    other = Filler(world, "whatsapp").verified().begin("asd")

    assert ["utter_application_question"] == other.heard()


def test_an_operator_may_have_everything_asked_again(store: redis.Redis, records_url: str) -> None:
    world = a_world(store, records_url, hours=0)
    sent(Filler(world).verified())

    assert FIRST == again(world).question()
    world.close()


def test_what_was_begun_since_goes_on(world: World, filler: Filler) -> None:
    sent(filler)
    person = world.pseudonyms.person(KHADIJA)
    world.services.desk.begin(person, "winter_aid", Filled("heating", {"children": "2"}))

    assert ["utter_application_resume"] == again(world).heard()


def test_a_form_that_was_opened_and_left_at_once_is_no_request_that_was_begun(
    world: World, filler: Filler
) -> None:
    first = sent(filler)
    person = world.pseudonyms.person(KHADIJA)
    world.services.desk.begin(person, "winter_aid", Filled("children"))

    assert first == reference(again(world))


def test_a_call_that_goes_on_where_the_receipt_was_lost_ends_with_it(
    world: World, filler: Filler
) -> None:
    at_the_summary(filler).choose("send").choose("no")
    before = dict(filler.slots)
    first = reference(filler.choose("yes"))
    # The engine never heard what became of the agreement: to it the question is open.
    filler.slots.update(before)
    filler.active = "application_form"
    filler.redial("session-2")
    filler.verified().ask()

    assert ALREADY == filler.heard()
    assert first == reference(filler)
    assert 1 == len(handed_in(world))


def test_it_is_looked_for_where_a_form_begins_and_at_no_question(
    world: World, filler: Filler
) -> None:
    with looked_up(world) as at_the_beginning:
        filler.begin()
    with looked_up(world) as later:
        filler.ask().type("many").type("2").choose("Du bois").choose("Oui").ask()

    assert 1 == len(at_the_beginning)
    assert [] == later


@pytest.mark.parametrize(
    ("intent", "procedure"), [("report_problem", "complaint"), ("change_contact", "contact")]
)
def test_a_complaint_and_a_new_contact_may_be_given_again_at_once(
    world: World, intent: str, procedure: str
) -> None:
    hand_in(world, world.pseudonyms.person(KHADIJA), procedure, procedure)
    chat = Filler(world, "whatsapp").verified()
    chat.hear(intent)
    chat.run("action_begin_procedure")
    with looked_up(world) as seen:
        chat.enter()

    assert ["utter_application_question"] == chat.heard()
    assert [] == seen


def test_where_nobody_is_verified_it_is_asked_for_as_before(world: World) -> None:
    hand_in(world, "", "application", "rnp")
    hand_in(world, world.pseudonyms.person(KHADIJA), "application", "rnp")

    asking = Filler(world, "whatsapp").verified().begin("rnp")

    assert ["utter_application_question"] == asking.heard()


def hand_in(world: World, person: str, kind: str, programme: str) -> None:
    """Something of a person was handed in just now."""
    reference, number = new_reference(), world.pseudonyms.number(OTHER_NUMBER)
    given = HandedIn(f"key-{reference}", reference, person, number, kind, programme, b"sealed")
    world.services.desk.applications.hand_in(given)
