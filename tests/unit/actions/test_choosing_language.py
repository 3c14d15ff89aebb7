"""Choosing a language: by its name, from the menu, in free words, or by having used it."""

from __future__ import annotations

import pytest

from tests.builders import NUMBER
from tests.unit.actions.world import Engine, World


def choose(engine: Engine, language: str, intent: str = "choose_language") -> Engine:
    engine.hear(intent, language=language)
    return engine.run("action_choose_language")


@pytest.mark.parametrize(
    ("heard", "used", "opened"),
    [
        ("fr", "fr", "utter_menu"),
        ("fr", None, "utter_ask_language"),
        (None, "fr", "utter_ask_language"),
    ],
)
def test_a_greeting_in_a_language_just_adopted_opens_at_the_menu(
    world: World, heard: str | None, used: str | None, opened: str
) -> None:
    engine = Engine(world)
    engine.hear("greet")
    engine.latest["heard"] = {"language": heard, "script": "Latn"} if heard else None
    engine.slots["language"] = used

    assert [opened] == engine.run("action_open").keys
    assert engine.slots["language"] == (used if opened == "utter_menu" else None)


@pytest.mark.parametrize(
    ("text", "taken"), [("العربية", "ar"), ("الدارجة", "ary"), ("جاوبوني بالدارجة", "ary")]
)
def test_an_arabic_called_by_its_own_name_is_that_one(
    engine: Engine, text: str, taken: str
) -> None:
    engine.hear("change_language", language="ar")
    engine.latest["text"] = text

    assert taken == engine.run("action_choose_language").slots["language"]


@pytest.mark.parametrize("language", ["ar", "ary", "fr", "zgh"])
def test_a_language_of_the_menu_is_taken_and_kept_with_the_number(
    world: World, language: str
) -> None:
    engine = choose(Engine(world), language)
    known = world.services.numbers.find(world.pseudonyms.number(NUMBER))

    assert [("utter_menu", {"said_in": language})] == engine.said
    assert language == engine.slots["language"]
    assert known is not None
    assert language == known.language


@pytest.mark.parametrize(
    ("used", "taken"), [("ar", "ar"), ("ary", "ary"), ("fr", "fr"), (None, None)]
)
def test_arabic_in_free_words_is_the_arabic_in_use_or_is_asked(
    world: World, used: str | None, taken: str | None
) -> None:
    engine = Engine(world)
    engine.slots["language"] = used
    choose(engine, "ar", "change_language")

    assert taken == engine.slots["language"]
    assert ["utter_menu" if used in ("ar", "ary") else "utter_ask_language"] == engine.keys


@pytest.mark.parametrize("said", ["de", "", "anglais"])
def test_a_language_nobody_speaks_here_is_asked(engine: Engine, said: str) -> None:
    choose(engine, said, "change_language")

    assert (["utter_ask_language"], "fr") == (engine.keys, engine.slots["language"])


def test_no_language_named_is_asked(engine: Engine) -> None:
    engine.hear("change_language")

    assert ["utter_ask_language"] == engine.run("action_choose_language").keys
