"""Filling in an application: every type of question, back, corrections, and what is handed in."""

from __future__ import annotations

import pytest

from tests.unit.actions.applications.conftest import AMINA, SAID
from tests.unit.actions.applications.filling import Filler, at_the_summary, handed_in
from tests.unit.actions.world import KHADIJA, World


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
