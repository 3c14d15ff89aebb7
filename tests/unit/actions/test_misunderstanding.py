"""Words that were not understood: one of two things, then a person, and nothing given is lost."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from actions.misunderstanding import MEANINGS, MEANINGS_IN_A_FORM, NONE_OF_THESE
from tests.house.repository import ROOT
from tests.unit.actions.world import KHADIJA, OTHER_NUMBER, Engine, World

LIKELY = (("apply", 0.33), ("track_application", 0.27), ("privacy", 0.16), ("cancel", 0.01))


def misread(engine: Engine, *ranking: tuple[str, float]) -> Engine:
    """A message was read below the threshold, and the action that the rules call runs."""
    engine.hear("nlu_fallback", 0.5)
    read = [("nlu_fallback", 0.5), *ranking]
    engine.latest["intent_ranking"] = [{"name": n, "confidence": c} for n, c in read]
    return engine.run("action_ask_meaning")


def offered(engine: Engine) -> list[str]:
    """The payloads of the buttons that the last action offers, in order."""
    return [payload for _, values in engine.said for payload in values.get("offered", [])]


def at(engine: Engine, question: str) -> Engine:
    """The form asks this question."""
    engine.active = "identity_form"
    engine.slots |= {"requested_slot": question, "service": "check_registration"}
    return engine


def events(engine: Engine) -> list[tuple[str, Any]]:
    return [(event["event"], event.get("value", event.get("name"))) for event in engine.returned]


def test_the_two_likeliest_meanings_and_a_way_past_them_are_offered(engine: Engine) -> None:
    misread(engine, *LIKELY)

    assert ["utter_ask_meaning"] == engine.keys
    assert ["/apply", "/track_application", "/none_of_these"] == offered(engine)
    assert engine.slots["misunderstood"] is True


@pytest.mark.parametrize("act", ["greet", "affirm", "deny", "thank", "goodbye", "cancel", "back"])
def test_nobody_is_asked_whether_they_meant_a_greeting(engine: Engine, act: str) -> None:
    misread(engine, (act, 0.4), ("help", 0.3), ("out_of_scope", 0.2), ("find_office", 0.1))

    assert ["/help", "/find_office", "/none_of_these"] == offered(engine)


@pytest.mark.parametrize(
    "ranking",
    [
        (),
        (("out_of_scope", 0.4), ("apply", 0.3), ("privacy", 0.2)),
        (("apply", 0.4), ("privacy", 0.009)),
        (("greet", 0.4), ("apply", 0.3), ("deny", 0.2)),
    ],
    ids=["no ranking", "of another world", "one plausible", "one to be asked about"],
)
def test_without_two_likely_meanings_nothing_is_asked_and_the_menu_comes(
    engine: Engine, ranking: tuple[tuple[str, float], ...]
) -> None:
    misread(engine, *ranking)

    assert ["utter_not_understood", "utter_menu"] == engine.keys


@pytest.mark.parametrize("second", [LIKELY, ()], ids=["two likely", "none likely"])
@pytest.mark.parametrize("first", [LIKELY, ()], ids=["two likely", "none likely"])
def test_twice_in_a_row_leads_to_the_menu_and_the_offer_of_a_person(
    engine: Engine, first: Any, second: Any
) -> None:
    misread(engine, *first)
    misread(engine, *second)

    assert ["utter_offer_person", "utter_menu"] == engine.keys
    assert ["/talk_to_agent"] == offered(engine)


def test_what_was_understood_between_makes_it_the_first_time_again(engine: Engine) -> None:
    misread(engine, *LIKELY)
    engine.set_slot("misunderstood", False)  # as its mapping does
    misread(engine, *LIKELY)

    assert ["utter_ask_meaning"] == engine.keys


def test_only_what_is_understood_ends_the_row(engine: Engine) -> None:
    domain = yaml.safe_load((ROOT / "bot/domain/slots.yml").read_text("utf-8"))
    (mapping,) = domain["slots"]["misunderstood"]["mappings"]

    assert ("from_intent", False) == (mapping["type"], mapping["value"])
    assert {"nlu_fallback", NONE_OF_THESE} == set(mapping["not_intent"])


@pytest.mark.parametrize("active", [None, "identity_form"])
def test_before_a_language_is_chosen_the_language_is_asked(world: World, active: str) -> None:
    engine = Engine(world)
    engine.active = active
    misread(engine, *LIKELY)

    # The generator asks for the language in place of the menu; the form asks for it itself.
    assert ([] if active else ["utter_menu"]) == engine.keys
    assert [] == engine.returned


@pytest.mark.parametrize(
    ("question", "expects"), [("idcs", "idcs"), ("birth_date", "date"), ("code", "code")]
)
def test_in_the_form_the_question_for_the_meaning_waits_for_the_forms_answer_too(
    engine: Engine, question: str, expects: str
) -> None:
    token = engine.seal(KHADIJA, "idcs")
    engine.slots["idcs"] = token
    misread(at(engine, question), *LIKELY)

    assert [("utter_ask_meaning", expects)] == [(k, v["expects"]) for k, v in engine.said]
    assert [("slot", True), ("active_loop", "identity_form"), ("followup", "action_listen")] == (
        events(engine)
    )
    assert (question, token) == (engine.asked, engine.slots["idcs"])


def test_outside_a_form_the_question_for_the_meaning_expects_a_choice(engine: Engine) -> None:
    misread(engine, *LIKELY)

    assert ["menu"] == [values["expects"] for _, values in engine.said]
    assert [("slot", True)] == events(engine)


def test_in_the_form_stopping_and_going_back_may_have_been_meant(engine: Engine) -> None:
    misread(at(engine, "idcs"), ("back", 0.4), ("cancel", 0.3))

    assert ["/back", "/cancel", "/none_of_these"] == offered(engine)


@pytest.mark.parametrize("question", ["language", "consent"])
def test_a_question_with_choices_of_its_own_is_asked_again_instead(
    engine: Engine, question: str
) -> None:
    misread(at(engine, question), *LIKELY)

    assert ["utter_not_understood"] == engine.keys
    assert [("slot", True)] == events(engine)


@pytest.mark.parametrize("question", ["consent", "idcs", "birth_date", "code"])
def test_twice_in_a_row_in_the_form_offers_a_person_and_the_menu_and_the_form_goes_on(
    engine: Engine, question: str
) -> None:
    misread(at(engine, question), *LIKELY)
    misread(engine, *LIKELY)

    assert ["utter_offer_person"] == engine.keys
    assert ["/talk_to_agent", "/home"] == offered(engine)
    assert ([("slot", True)], question) == (events(engine), engine.asked)


def test_nothing_of_a_verification_under_way_is_lost(world: World) -> None:
    engine = Engine(world, number=OTHER_NUMBER)
    engine.slots |= {"language": "fr", "consent": True}
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    misread(engine, *LIKELY)
    misread(engine)

    assert "verified" == engine.give(code=world.registry.sent[-1].code).slots["outcome"]


def test_every_meaning_has_its_button_and_is_an_intent() -> None:
    path = ROOT / "bot/domain/responses/misunderstanding.yml"
    responses = yaml.safe_load(path.read_text("utf-8"))["responses"]
    intents = yaml.safe_load((ROOT / "bot/domain/intents.yml").read_text("utf-8"))["intents"]
    names = {name if isinstance(name, str) else next(iter(name)) for name in intents}

    for variant in responses["utter_ask_meaning"]:
        payloads = [button["payload"] for button in variant["buttons"]]
        assert {f"/{name}" for name in MEANINGS_IN_A_FORM | {NONE_OF_THESE}} == set(payloads)
        assert len(payloads) == len(set(payloads))
    assert names >= MEANINGS_IN_A_FORM | {NONE_OF_THESE}
    assert MEANINGS_IN_A_FORM > MEANINGS
