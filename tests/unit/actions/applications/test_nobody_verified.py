"""A pre-registration, for which nobody can be verified, is erased with the number it lies on."""

from __future__ import annotations

from tests.unit.actions.applications.filling import Filler
from tests.unit.actions.world import KHADIJA, World


def begun(world: World) -> Filler:
    """Somebody at the third question, so that the draft is of who was born that day here."""
    return Filler(world).begin("rnp").choose("Moi-même").type("3/4/1991")


def test_what_was_begun_comes_back_with_the_birth_date(world: World) -> None:
    begun(world)

    assert "utter_application_resume" in begun(world).heard()


def test_after_an_erasure_it_comes_back_no_more(world: World) -> None:
    who, services = begun(world).who, world.services
    person = services.pseudonyms.person(KHADIJA)

    assert ["drafts"] == [one.table for one in services.rights.held(person, who.number_key)]

    services.rights.erase(person, who.number_key, who.kind.value)

    assert "utter_application_resume" not in begun(world).heard()


def test_a_call_that_is_continued_shows_nothing_before_the_birth_date(world: World) -> None:
    filler = begun(world)
    world.services.numbers.choose_language(filler.who.number_key, "fr")
    filler.redial("session-2")
    filler.run("action_open")
    filler.ask()

    assert ["utter_application_question"] == filler.heard()
    assert "Moi-même" in filler.offered()

    filler.choose("Moi-même").type("3/4/1991")

    assert "utter_application_resume" in filler.heard()


def test_before_the_birth_date_a_call_that_is_continued_goes_on(world: World) -> None:
    filler = Filler(world).begin("rnp").choose("Moi-même")
    asked = filler.question()
    world.services.numbers.choose_language(filler.who.number_key, "fr")
    filler.redial("session-2")
    filler.run("action_open")

    assert asked == filler.ask().question()
