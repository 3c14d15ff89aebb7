"""A citizen of the chaos run reads a screen as a person does, and goes on to a reference."""

from __future__ import annotations

import random

import pytest

from locales import compile as compiled
from sandbox.chaos.mind import APPLY, CHECK, Mind
from sandbox.chaos.people import Person

ME = Person("4699149152", "11/12/1991", "+212626917864", "9,1204567")
GOING = "0 retour  00 menu"


def no_code() -> str:
    raise AssertionError("no code was asked for")


@pytest.fixture(scope="module")
def words() -> None:
    """The compiled catalogs."""
    compiled.main()


@pytest.fixture
def mind(words: None) -> Mind:
    """Somebody who came to apply."""
    return Mind(ME, APPLY, random.Random(1))


@pytest.mark.parametrize(
    ("screen", "typed"),
    [
        (f"Numéro de téléphone pour vous joindre :\n{GOING}", "0626917864"),
        (f"Votre IDCS (10 chiffres) :\n{GOING}", ME.idcs),
        ("Écrivez votre date de naissance : jour, mois, année.", ME.birth_date),
        (f"Où voulez-vous recevoir l'argent ?\n1 Compte bancaire\n2 Agence\n{GOING}", "1"),
        (f"Y a-t-il des enfants ?\n1 Oui\n2 Non\n{GOING}", "2"),
        ("Menu :\n1 Inscription\n5 Demander\n9 Autres", "5"),
    ],
)
def test_a_question_is_answered_whatever_moves_between_screens(
    mind: Mind, screen: str, typed: str
) -> None:
    assert typed == mind.answer([screen], no_code)


def test_of_several_messages_the_last_that_asks_is_answered(mind: Mind) -> None:
    asked = "Écrivez votre date de naissance : jour, mois, année. Exemple : 05/11/1980"
    texts = ["Écrivez votre identifiant digital civil et social (IDCS) : 10 chiffres.", asked]

    assert ME.birth_date == mind.answer([*texts, "Twiza. Bonjour."], no_code)


def test_who_was_shown_a_reference_wants_something_else(mind: Mind) -> None:
    mind.answer(["Enregistré. Votre référence : 7486 5281 5415\n1 Menu"], no_code)

    assert ({"748652815415"}, CHECK) == (mind.references, mind.goal)


def test_who_is_told_that_it_was_sent_before_notes_that_reference(mind: Mind) -> None:
    told = "Demande déjà faite le 28/11/2026\nEnregistré. Votre référence : 7486 5281 5415"
    mind.answer([f"{told}\nRéponse de l'agence due avant le 27/12/2026\n1 Menu"], no_code)

    assert ({"748652815415"}, CHECK, 0) == (mind.references, mind.goal, mind.sends)


def test_nobody_types_the_same_forever(mind: Mind) -> None:
    screen = "Y a-t-il des enfants ?\n1 Oui\n2 Non"

    assert ["2", "2", "2", "2", "00"] == [mind.answer([screen], no_code) for _ in range(5)]


def test_a_question_that_was_answered_is_not_asked_again_unnoticed(mind: Mind) -> None:
    question, waiting = f"Votre IDCS (10 chiffres) :\n{GOING}", "Menu :\n1 Inscription"
    mind.answer([question], no_code)
    mind.begin()
    mind.answer([question], no_code)
    assert [] == mind.lost_steps
    mind.answer([question], no_code)
    mind.answer([waiting], no_code)
    mind.answer([question], no_code)

    assert 1 == len(mind.lost_steps)


LANGUAGES = "Langue :\n1 العربية\n4 Français"
TAKEN = "Menu\n1 Choisir\n2 Autre"


def test_a_language_that_was_taken_is_chosen_once(mind: Mind) -> None:
    for text in (LANGUAGES, TAKEN, LANGUAGES):
        mind.answer([text], no_code)

    assert ["a language again"] == mind.lost_steps


def test_a_language_is_chosen_again_where_nobody_answered_the_choice(mind: Mind) -> None:
    mind.answer([LANGUAGES], no_code)
    mind.begin()
    mind.answer([LANGUAGES], no_code)
    assert [] == mind.lost_steps

    mind.answer([TAKEN], no_code)
    mind.begin()
    mind.answer([LANGUAGES], no_code)

    assert ["a language again"] == mind.lost_steps
