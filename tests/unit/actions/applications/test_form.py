"""Filling in an application: every type of question, back, corrections, and what is handed in."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from core.privacy import Seal
from records.applications import submission_context
from records.tables import SubmissionRow
from tests.builders import KEY
from tests.unit.actions.applications.conftest import AMINA, SAID
from tests.unit.actions.applications.filling import Filler
from tests.unit.actions.world import KHADIJA, World


def at_the_summary(filler: Filler) -> Filler:
    """Somebody who has answered everything."""
    filler.begin().type("2").choose("Du bois").choose("Oui").type("3/11/2026")
    filler.choose("Amina").choose("Saïd").choose("done")
    return filler.choose("skip").type("0612345678")


def handed_in(world: World) -> list[dict[str, Any]]:
    """What the registry will get."""
    with world.database.reading() as session:
        rows = session.scalars(sa.select(SubmissionRow).order_by(SubmissionRow.id)).all()
        return [
            orjson.loads(Seal(KEY).open(row.sealed, submission_context(row.idempotency_key)))
            for row in rows
        ]


def test_every_answer_leads_to_the_next_question_and_all_of_them_to_the_summary(
    filler: Filler,
) -> None:
    asked = [filler.begin().question()]
    for answer in ("2",):
        asked.append(filler.type(answer).question())
    asked.append(filler.choose("Du bois").question())
    asked.append(filler.choose("Oui").question())
    asked.append(filler.type("3/11/2026").question())
    filler.choose("Amina").choose("done")
    asked.append(filler.question())
    asked.append(filler.choose("skip").question())
    filler.type("06 12 34 56 78")

    assert [
        "Combien d'enfants ?",
        "Avec quoi vous chauffez-vous ?",
        "Avez-vous un poêle ?",
        "Depuis quel jour ?",
        "Qui est malade ?",
        "Autre chose à dire ?",
        "Un numéro de téléphone :",
    ] == asked
    assert [
        "Enfants: 2",
        "Chauffage: Du bois",
        "Poêle: Oui",
        "Depuis: 03/11/2026",
        "Malades: Amina",
        "Téléphone: +212612345678",
    ] == filler.lines()


def test_what_is_sent_is_what_was_answered(world: World, filler: Filler) -> None:
    at_the_summary(filler).choose("send").choose("yes").choose("yes")
    (given,) = handed_in(world)

    assert "sent" == filler.slots["application"]
    assert (KHADIJA, [AMINA, SAID], True) == (given["idcs"], given["for_idcs"], given["assisted"])
    assert {
        "children": "2",
        "heating": "wood",
        "stove": "yes",
        "cold_since": "2026-11-03",
        "who": f"{AMINA},{SAID}",
        "phone": "+212612345678",
    } == given["answers"]
    assert "utter_application_decision" in filler.heard()
    assert "13/12/2026" in [one.get("date") for one in filler.told]


def test_a_question_of_no_consequence_is_not_asked(filler: Filler) -> None:
    filler.begin().type("0").choose("Du gaz")

    assert "Depuis quel jour ?" == filler.question()


def test_no_answer_stands_in_a_slot_an_event_or_a_response(filler: Filler) -> None:
    at_the_summary(filler)
    kept = repr((filler.slots, filler.events, filler.told))

    for answer in ("0612345678", "612345678", "2026-11-03", "Amina", "Saïd", AMINA, SAID, "wood"):
        assert answer not in kept


@pytest.mark.parametrize(
    ("before", "wrong", "key"),
    [
        ([], "deux", "utter_answer_no_number"),
        ([], "21", "utter_answer_out_of_bounds"),
        ([], "-3", "utter_answer_no_number"),
        (["2"], "du charbon", "utter_answer_not_offered"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_the_question_again(
    filler: Filler, before: list[str], wrong: str, key: str
) -> None:
    filler.begin()
    for answer in before:
        filler.type(answer)
    asked = filler.question()
    filler.type(wrong)

    assert key in filler.heard()
    assert asked == filler.question()


def test_dates_phones_and_words_that_cannot_be_read_are_asked_again(filler: Filler) -> None:
    filler.begin().type("0").choose("Rien")

    assert "utter_answer_no_date" in filler.type("32/13/2026").heard()
    assert "utter_answer_not_past" in filler.type("1/1/2027").heard()

    filler.type("03112026").choose("Amina").choose("done")

    assert "utter_answer_too_long" in filler.type("a" * 41).heard()
    assert "utter_answer_no_words" in filler.type("12345").heard()

    filler.type("il fait froid")

    assert "utter_answer_no_phone" in filler.type("0612").heard()


def test_yes_and_no_are_known_in_every_variety(filler: Filler) -> None:
    for said, line in (("wakha", "Poêle: Oui"), ("لا", "Poêle: Non"), ("ⵢⴰⵀ", "Poêle: Oui")):
        filler.begin()
        if "again" in filler.offered():
            filler.choose("again")
        filler.type("1").choose("Du bois").type(said)
        filler.type("3/11/2026").choose("Amina").choose("done").choose("skip")

        assert line in filler.type("0612345678").lines()


def test_a_choice_is_known_by_its_title_in_any_language(filler: Filler) -> None:
    filler.begin().type("1").type("الحطب")

    assert "Avez-vous un poêle ?" == filler.question()


def test_back_opens_the_question_before_and_its_answer_stands(filler: Filler) -> None:
    filler.begin().type("2").choose("Du bois").type("retour")

    assert "Avec quoi vous chauffez-vous ?" == filler.question()

    filler.type("0")

    assert "Combien d'enfants ?" == filler.question()

    filler.type("3")

    assert "Avez-vous un poêle ?" == filler.question()


def test_back_from_the_first_question_leaves_and_keeps(filler: Filler) -> None:
    filler.begin().type("2").type("retour").type("retour")

    assert "left" == filler.slots["application"]
    assert 1 == len(filler.world.services.desk.of(filler.world.pseudonyms.person(KHADIJA)))


def test_a_correction_at_the_summary_comes_back_to_it(filler: Filler) -> None:
    at_the_summary(filler).choose("wrong").choose("Enfants").type("4")

    assert "Enfants: 4" in filler.lines()


def test_a_correction_drops_what_is_asked_no_more_and_asks_what_is_new(filler: Filler) -> None:
    at_the_summary(filler).choose("wrong").choose("Chauffage").choose("Du gaz")

    assert "Chauffage: Du gaz" in filler.lines()
    assert not [line for line in filler.lines() if line.startswith("Poêle")]

    filler.choose("wrong").choose("Chauffage").choose("Du bois")

    assert "Avez-vous un poêle ?" == filler.question()
    assert "Poêle: Non" in filler.choose("Non").lines()


def test_without_consent_nothing_is_sent_and_all_is_kept(world: World, filler: Filler) -> None:
    at_the_summary(filler).choose("send").choose("no").choose("no")

    assert "utter_application_not_sent" in filler.heard()
    assert 6 == len(filler.lines())
    assert [] == handed_in(world)


def test_kept_for_later_it_is_offered_again_to_the_same_person_on_another_channel(
    world: World, filler: Filler
) -> None:
    at_the_summary(filler).choose("leave")

    assert "left" == filler.slots["application"]

    chat = Filler(world, "whatsapp").verified()

    assert ["utter_application_resume"] == chat.begin().heard()
    assert 6 == len(chat.choose("go_on").lines())


def test_begun_again_nothing_of_before_is_left(world: World, filler: Filler) -> None:
    filler.begin().type("2").type("annuler")
    again = Filler(world).verified().begin().choose("again")

    assert "Combien d'enfants ?" == again.question()
    assert [] == world.services.desk.of(world.pseudonyms.person(KHADIJA))


def test_nobody_is_asked_to_go_on_with_nothing(world: World, filler: Filler) -> None:
    filler.begin()

    assert "Combien d'enfants ?" == Filler(world, "whatsapp").verified().begin().question()


def test_an_answer_told_twice_is_taken_once(filler: Filler) -> None:
    filler.begin()
    token = filler.seal("2", "answer")
    filler.send(token)
    filler.send(token)

    assert "Avec quoi vous chauffez-vous ?" == filler.question()


def test_a_choice_of_a_question_that_is_closed_changes_nothing(filler: Filler) -> None:
    filler.begin().type("1")
    stale = filler.offered()["Du gaz"]
    filler.choose("Du bois").send(stale)

    assert "Avez-vous un poêle ?" == filler.question()


def test_sent_twice_it_is_handed_in_once_under_one_reference(world: World, filler: Filler) -> None:
    at_the_summary(filler).choose("send").choose("no")
    token = filler.offered()["yes"]
    slots = dict(filler.slots)
    first = filler.send(token).told
    filler.slots.update(slots)
    filler.active = "application_form"
    second = filler.send(token).told

    assert 1 == len(handed_in(world))
    assert filler.opened(first[0]["reference"]) == filler.opened(second[0]["reference"])


def test_whoever_is_no_longer_verified_is_verified_and_the_answer_is_taken(
    world: World,
) -> None:
    chat = Filler(world, "whatsapp").verified()
    chat.begin().type("2")
    world.services.verification.forget(chat.who)
    chosen = chat.choose("Du bois")

    assert "verify" == chosen.slots["application"]
    assert chosen.slots["answer"]

    chat.verified().enter()
    chat.send(chat.slots["answer"])

    assert "Avez-vous un poêle ?" == chat.question()


def test_an_answer_is_never_taken_for_somebody_else(world: World) -> None:
    chat = Filler(world, "whatsapp").verified()
    chat.begin().type("2")
    world.services.verification.forget(chat.who)
    chat.choose("Du bois")
    chat.verified("2111111116").enter().send(chat.slots["answer"])

    assert "Combien d'enfants ?" == chat.question()


def test_an_answer_whose_time_is_over_is_asked_for_again(world: World, filler: Filler) -> None:
    filler.begin()
    token = filler.seal("2", "answer")
    world.services.vault.destroy(token)

    assert ["utter_answer_gone", "utter_application_question"] == filler.send(token).heard()


def test_while_the_register_is_away_members_cannot_be_asked_and_nothing_is_lost(
    world: World, filler: Filler
) -> None:
    from core.errors import RegistryUnavailable

    filler.begin().type("1").choose("Rien")
    world.registry.failure = RegistryUnavailable("away")

    assert ["utter_registry_unavailable"] == filler.type("3/11/2026").heard()

    world.registry.failure = None

    assert "Qui est malade ?" == filler.ask().question()
