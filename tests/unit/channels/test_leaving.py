"""A text of our own accord leaves a choice behind: the next message is read as the answer to it."""

from __future__ import annotations

import pytest

from channels.rendering.menus import Choice
from core.errors import ConversationBusy
from core.messages import ChannelKind, Expects
from tests.builders import NUMBER
from tests.unit.channels.door import Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

APPLY = '/apply{"programme":"flood"}'


def leave(door: Door, number: str = NUMBER, life_seconds: int = 3600) -> None:
    """An invitation is on its way to a number on WhatsApp."""
    key = door.pseudonyms.number(number)
    choices = (Choice(1, "Aide inondation", APPLY),)
    door.conversations.leave(key, ChannelKind.WHATSAPP, "fr", "Répondez 1", choices, life_seconds)


@pytest.mark.parametrize("text", ["1", " 1. ", "١"])
def test_one_is_the_choice_that_was_left(door: Door, engine: ScriptedEngine, text: str) -> None:
    leave(door)
    Chat(door).say(text)

    assert [APPLY] == engine.texts


def test_it_takes_the_place_of_a_menu_of_before(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [says("Menu", expects=Expects.MENU, buttons=[("Aide", "/help")])]
    chat = Chat(door)
    chat.say("salam")
    leave(door)
    chat.say("1")

    assert ["salam", APPLY] == engine.texts


def test_words_go_to_the_engine_as_ever(door: Door, engine: ScriptedEngine) -> None:
    leave(door)
    Chat(door).say("c'est quoi ?")

    assert ["c'est quoi ?"] == engine.texts


def test_another_number_than_one_is_no_choice(door: Door, engine: ScriptedEngine) -> None:
    leave(door)
    said = Chat(door).say("2")

    assert [] == engine.texts
    assert "Répondez 1" in said.texts[0]


@pytest.mark.parametrize(
    ("expects", "purpose", "answer"),
    [
        (Expects.TEXT, "answer", "12 rue des Oliviers, porte bleue"),
        (Expects.NUMBER, "answer", "4500"),
        (Expects.IDCS, "", "583 92"),
        (Expects.DATE, "", "3 mars 1980"),
    ],
)
def test_what_answers_a_personal_question_of_before_stays_sealed(
    door: Door, engine: ScriptedEngine, expects: Expects, purpose: str, answer: str
) -> None:
    engine.script += [says("Votre réponse ?", expects=expects, purpose=purpose)]
    chat = Chat(door)
    chat.say("salam")
    leave(door)
    chat.say(answer)
    chat.say("1")

    assert answer not in engine.texts[1]
    assert engine.texts[1].startswith("[[")


def test_nobody_is_interrupted_while_a_turn_runs_or_something_is_owed(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [500]
    Chat(door).say("salam")

    with pytest.raises(ConversationBusy):
        leave(door)
    with (
        door.conversations._tools.turn_lock.hold(f"whatsapp-{door.pseudonyms.number('+2')}", 1),
        pytest.raises(ConversationBusy),
    ):
        leave(door, "+2")


def test_it_lasts_as_long_as_it_is_told_and_never_shorter_than_a_conversation(
    door: Door,
) -> None:
    key = f"door:{door.conversation('whatsapp')}"
    leave(door)
    longer = door.store.ttl(key)
    leave(door, life_seconds=1)

    assert 3500 < longer <= 3600
    assert 500 < door.store.ttl(key) <= 600
