"""Opening, leaving and turning back: what stays, and what is destroyed."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import TokenExpired
from tests.builders import NUMBER
from tests.unit.actions.world import KHADIJA, OTHER_NUMBER, Engine, World

TYPED = {"idcs": KHADIJA, "birth_date": "3/2/1980", "code": "123456"}


def fill(engine: Engine, asked: str = "code") -> dict[str, str]:
    """A form under way, with something in every answer; the tokens."""
    tokens = {name: engine.seal(value, name) for name, value in TYPED.items()}
    engine.active = "identity_form"
    engine.slots |= {**tokens, "requested_slot": asked, "service": "check_registration"}
    engine.hear("inform")
    return tokens


def kept(world: World, engine: Engine, tokens: dict[str, str]) -> list[str]:
    """The names of the values that can still be opened."""
    names = []
    for name, token in tokens.items():
        try:
            world.services.vault.open(token, name, engine.conversation)
        except TokenExpired:
            continue
        names.append(name)
    return names


def at_the_code(world: World) -> Engine:
    """A call from a number not on file that was asked for the code."""
    engine = Engine(world, number=OTHER_NUMBER)
    engine.slots |= {"language": "fr", "consent": True}
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    assert "code" == engine.asked
    return engine


def followed_by(engine: Engine) -> list[str]:
    return [event["name"] for event in engine.returned if event["event"] == "followup"]


def test_a_session_starts_with_what_the_number_is_known_by(world: World) -> None:
    key = world.pseudonyms.number(NUMBER)
    world.services.numbers.choose_language(key, "zgh")
    world.services.consents.give(key, world.settings.consent_version, "zgh", "sms")
    engine = Engine(world)
    engine.run("action_session_start")

    assert ("zgh", True) == (engine.slots["language"], engine.slots["consent"])
    assert ["session_started", "slot", "slot", "action"] == [e["event"] for e in engine.returned]
    assert "action_listen" == engine.returned[-1]["name"]


def test_a_number_nobody_knows_starts_with_nothing(world: World) -> None:
    engine = Engine(world)
    engine.slots |= {"language": "fr", "consent": True}
    engine.run("action_session_start")

    assert (None, None) == (engine.slots["language"], engine.slots["consent"])
    assert world.services.numbers.find(world.pseudonyms.number(NUMBER)) is not None


@pytest.mark.parametrize("end", ["withdrawn", "another text"])
def test_a_consent_that_stands_no_more_is_not_remembered(world: World, end: str) -> None:
    key, version = world.pseudonyms.number(NUMBER), world.settings.consent_version
    world.services.consents.give(key, "2020-01" if end == "another text" else version, "fr", "sms")
    if end == "withdrawn":
        world.services.consents.withdraw(key)
    engine = Engine(world)

    assert engine.run("action_session_start").slots["consent"] is None


def test_a_call_opens_at_the_languages_and_later_at_the_menu(world: World) -> None:
    engine = Engine(world)
    engine.hear("open")
    first = engine.run("action_open").keys
    world.services.numbers.choose_language(world.pseudonyms.number(NUMBER), "fr")

    assert ["utter_ask_language"] == first
    assert ["utter_menu"] == engine.run("action_open").keys
    assert "fr" == engine.slots["language"]


def test_a_call_opens_at_the_code_that_was_sent(world: World) -> None:
    engine = at_the_code(world)
    engine.session = "session-2"
    engine.hear("open")
    engine.run("action_open")

    assert ([], ["identity_form"]) == (engine.keys, followed_by(engine))
    assert "code" == engine.asked
    assert "verified" == engine.give(code=world.registry.sent[0].code).slots["outcome"]


def test_a_call_opens_at_the_menu_once_the_code_is_worth_nothing(world: World) -> None:
    engine = at_the_code(world)
    world.services.numbers.choose_language(world.pseudonyms.number(OTHER_NUMBER), "fr")
    world.services.verification.forget(engine.who)
    engine.run("action_open")

    assert ["utter_menu"] == engine.keys
    assert (None, None) == (engine.active, engine.asked)


@pytest.mark.parametrize("asked", ["consent", "idcs", "birth_date"])
def test_a_call_that_is_continued_stays_at_its_question(
    world: World, engine: Engine, asked: str
) -> None:
    tokens = fill(engine, asked)
    engine.redial("session-2")
    engine.run("action_open")

    assert ([], ["identity_form"]) == (engine.keys, followed_by(engine))
    assert (asked, "identity_form") == (engine.asked, engine.active)
    assert list(tokens) == kept(world, engine, tokens)


def test_with_nothing_under_way_a_call_that_is_continued_opens_at_the_menu(
    world: World, engine: Engine
) -> None:
    world.services.numbers.choose_language(world.pseudonyms.number(NUMBER), "fr")
    engine.redial("session-2")

    assert ["utter_menu"] == engine.run("action_open").keys


def test_nobody_stays_verified_in_a_call_that_is_continued(world: World, engine: Engine) -> None:
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    engine.redial("session-2")
    engine.run("action_open")

    assert world.services.verification.verified_idcs(engine.who) is None


def test_nobody_stays_verified_from_an_earlier_call(engine: Engine, world: World) -> None:
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    engine.session = "session-2"
    engine.hear("open")
    engine.run("action_open")
    engine.session = "session-1"

    assert world.services.verification.verified_idcs(engine.who) is None


@pytest.mark.parametrize("action", ["action_home", "action_cancel", "action_open"])
@pytest.mark.parametrize("asked", ["idcs", "birth_date", "code"])
def test_leaving_destroys_all_that_was_given(
    engine: Engine, world: World, action: str, asked: str
) -> None:
    tokens = fill(engine, asked)
    engine.run(action)

    assert [] == kept(world, engine, tokens)
    assert [None] * 5 == [engine.slots[n] for n in (*TYPED, "requested_slot", "service")]
    assert engine.active is None


@pytest.mark.parametrize("action", ["action_home", "action_cancel"])
def test_leaving_ends_the_verification(world: World, action: str) -> None:
    engine = at_the_code(world)
    engine.run(action)

    assert not world.services.verification.is_pending(engine.who)
    assert ("fr", True) == (engine.slots["language"], engine.slots["consent"])


def test_home_is_the_menu_or_the_languages(engine: Engine) -> None:
    engine.hear("home")
    known = engine.run("action_home").keys
    engine.slots["language"] = None

    assert ["utter_menu"] == known
    assert ["utter_ask_language"] == engine.run("action_home").keys


def test_cancelling_says_so(engine: Engine) -> None:
    fill(engine)

    assert ["utter_cancelled", "utter_menu"] == engine.run("action_cancel").keys


@pytest.mark.parametrize(
    ("asked", "emptied"), [("birth_date", {"idcs"}), ("code", {"birth_date", "code"})]
)
def test_back_asks_the_question_before_again_and_destroys_its_answer(
    engine: Engine, world: World, asked: str, emptied: set[str]
) -> None:
    tokens = fill(engine, asked)
    if asked == "birth_date":
        tokens = {"idcs": tokens["idcs"]}
    engine.run("action_back")

    assert (["identity_form"], []) == (followed_by(engine), engine.keys)
    assert emptied <= {name for name in TYPED if engine.slots[name] is None}
    assert set(tokens) - emptied == set(kept(world, engine, tokens))
    assert "identity_form" == engine.active


def test_back_from_the_code_ends_the_verification(world: World) -> None:
    engine = at_the_code(world)
    idcs = engine.slots["idcs"]
    engine.run("action_back")

    assert not world.services.verification.is_pending(engine.who)
    assert (idcs, None) == (engine.slots["idcs"], engine.slots["birth_date"])
    assert "code" == engine.give(birth_date="3/2/1980").asked


@pytest.mark.parametrize("asked", ["language", "consent", "idcs", None])
def test_back_with_nothing_before_it_is_the_menu(engine: Engine, asked: str | None) -> None:
    engine.active = "identity_form"
    engine.slots["requested_slot"] = asked
    engine.hear("back")
    engine.run("action_back")

    assert ["utter_menu"] == engine.keys
    assert engine.active is None


def test_back_outside_the_form_is_the_menu(engine: Engine) -> None:
    engine.slots["requested_slot"] = "code"
    engine.hear("back")

    assert ["utter_menu"] == engine.run("action_back").keys


def test_a_language_chosen_in_the_form_goes_on_with_the_form(engine: Engine, world: World) -> None:
    tokens = fill(engine)
    engine.hear("change_language", language="ary")
    engine.run("action_choose_language")

    assert (["identity_form"], "ary") == (followed_by(engine), engine.slots["language"])
    assert list(TYPED) == kept(world, engine, tokens)


def test_what_changes_nothing_goes_on(engine: Engine) -> None:
    engine.hear("greet")

    returned: list[Any] = engine.run("action_go_on").returned
    assert ([], []) == (returned, engine.keys)
