"""The catalogue: what a programme's file says for today, without asking who wants to know."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.actions.world import Engine, World

_ACTIONS = {"see_conditions": "show_conditions"}


def asked(
    world: World, intent: str, programme: str = "", form: str | None = None, kind: str = "whatsapp"
) -> Engine:
    """A citizen asks, maybe naming a programme, maybe in the middle of a form."""
    engine = Engine(world, kind)
    engine.set_slot("language", "fr")
    engine.active = form
    if form:
        engine.set_slot("programme", "asd")
    entities = {"programme": programme} if programme else {}
    engine.hear(intent, 1.0, **entities)
    if programme:
        engine.set_slot("programme", programme)
    return engine.run(f"action_{_ACTIONS.get(intent, intent)}")


def test_without_a_name_the_programmes_are_offered(world: World) -> None:
    assert ["utter_programmes"] == asked(world, "list_programmes").keys
    assert ["utter_documents_which"] == asked(world, "required_documents").keys


def test_a_programme_is_told_with_its_amounts_conditions_days_and_place(world: World) -> None:
    told = asked(world, "list_programmes", "asd").keys

    assert ["utter_programme_about", "utter_amount_month"] == told[:2]
    assert {"utter_condition", "utter_condition_index", "utter_days_decision"} <= set(told)
    assert ["utter_days_appeal", "utter_programme_place", "utter_programme_next"] == told[-3:]


def test_on_ussd_the_conditions_are_a_screen_of_their_own(world: World) -> None:
    first = asked(world, "list_programmes", "asd", kind="ussd").keys
    second = asked(world, "see_conditions", "asd", kind="ussd").keys

    assert ["utter_programme_about", "utter_amount_month", "utter_programme_next"] == first
    assert "utter_conditions" == second[0]
    assert {"utter_condition", "utter_condition_index", "utter_days_decision"} <= set(second)
    assert "utter_documents_next" == second[-1]


def test_conditions_of_nothing_offer_the_programmes(world: World) -> None:
    assert ["utter_programmes"] == asked(world, "see_conditions").keys


def test_the_amounts_are_those_of_the_day(world: World) -> None:
    world.now = datetime(2023, 11, 1, tzinfo=UTC)

    assert "utter_amount_month" not in asked(world, "list_programmes", "asd_child").keys


def test_a_part_has_the_limit_and_the_days_of_the_whole(world: World) -> None:
    told = asked(world, "list_programmes", "birth_grant").keys

    assert 2 == told.count("utter_amount_once")
    assert {"utter_condition_index", "utter_days_decision", "utter_programme_within_another"} <= {
        *told
    }


@pytest.mark.parametrize("intent", ["list_programmes", "required_documents"])
def test_what_has_ended_is_answered_with_what_took_its_place(world: World, intent: str) -> None:
    told = asked(world, intent, "million_bags").keys

    assert "utter_programme_ended" == told[0]
    assert {"utter_amount_year", "utter_documents"} & set(told)


def test_what_is_asked_for_elsewhere_offers_no_application(world: World) -> None:
    told = asked(world, "list_programmes", "minhaty").keys

    assert "utter_programme_elsewhere" in told
    assert "utter_elsewhere_next" == told[-1]


def test_the_papers_end_with_the_honest_word_that_there_may_be_more(world: World) -> None:
    told = asked(world, "required_documents", "rnp").keys

    assert ["utter_documents", "utter_documents_more", "utter_documents_next"] == told


@pytest.mark.parametrize("form", ["identity_form", "application_form"])
@pytest.mark.parametrize("intent", ["list_programmes", "required_documents"])
def test_in_the_middle_of_a_form_nothing_is_offered_and_nothing_changes(
    world: World, intent: str, form: str
) -> None:
    engine = asked(world, intent, "amo_tadamon", form)

    assert not {key for key in engine.keys if key.endswith(("_next", "_which"))}
    assert "asd" == engine.slots["programme"]


def test_outside_a_form_what_was_looked_up_is_forgotten(world: World) -> None:
    assert asked(world, "list_programmes", "asd").slots["programme"] is None


def test_in_an_application_the_papers_are_those_of_what_is_asked_for(world: World) -> None:
    told = asked(world, "required_documents", form="application_form").keys

    assert ["utter_documents", "utter_documents_more"] == told
