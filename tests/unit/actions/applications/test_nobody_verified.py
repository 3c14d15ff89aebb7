"""A pre-registration, for which nobody can be verified, is erased with the number it lies on."""

from __future__ import annotations

import redis

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


def another_day(world: World, day: int) -> Filler:
    """Somebody on the same number who gives another birth date."""
    return Filler(world).begin("rnp").choose("Moi-même").type(f"{day}/5/1991")


def test_birth_dates_cannot_be_gone_through_until_one_fits(
    store: redis.Redis, records_url: str
) -> None:
    world = World(store, records_url, tries_per_number=3)
    begun(world)
    for day in range(1, 4):
        assert "utter_application_resume" not in another_day(world, day).heard()

    fitting = begun(world)

    assert "utter_application_resume" not in fitting.heard()
    assert "utter_application_question" in fitting.heard()

    fitting.type("Salé")
    for key in store.scan_iter("guesses:*"):
        store.delete(key)

    # What the other began was not replaced by what fitted it.
    assert "utter_application_resume" in begun(world).heard()
    world.close()


def test_and_whoever_guesses_too_often_fills_in_a_pre_registration_of_their_own(
    store: redis.Redis, records_url: str
) -> None:
    world = World(store, records_url, tries_per_number=1)
    begun(world)
    for day in (1, 2):
        another_day(world, day)

    assert "utter_application_question" in another_day(world, 3).heard()
    world.close()


def test_where_nobody_else_began_anything_no_birth_date_counts(
    store: redis.Redis, records_url: str
) -> None:
    world = World(store, records_url, tries_per_number=1)
    begun(world)

    assert [] == list(store.scan_iter("guesses:*"))
    assert "utter_application_resume" in begun(world).heard()
    world.close()


def test_guesses_close_no_way_to_a_verification(store: redis.Redis, records_url: str) -> None:
    world = World(store, records_url, tries_per_number=1)
    begun(world)
    who = another_day(world, 1).who

    assert world.services.verification.guesses.are_spent(who.number_key, "")
    assert not world.services.verification.attempts.are_spent(who.number_key, "")
    world.close()
