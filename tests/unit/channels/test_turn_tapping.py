"""Buttons and lists: said beside the text, tapped back as a choice that was shown."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from channels.deadline import Said
from channels.port import Capabilities
from core.messages import ChannelKind, Content, Expects, Media
from tests.builders import NUMBER
from tests.unit.channels.door import Beside, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

TAPS = Capabilities(deadline_seconds=2.0, can_send=True, taps=True)
MENU = says(
    "Que voulez-vous",
    expects=Expects.MENU,
    buttons=[("Inscription", "/check_registration"), ("Langue", "/change_language")],
)
AGREED = says("D'accord", "Encore une fois", expects=Expects.MENU, buttons=[("Oui", "/affirm")])


class TappingChat(Chat):
    """A chat on a channel where choices are tapped, and all that was said with such."""

    def __init__(self, door: Door, number: str = NUMBER) -> None:
        super().__init__(door, number, capabilities=TAPS)
        self.shown: list[dict[str, Any]] = []

    def say(self, text: str, message_id: str = "", **changes: Any) -> Said:
        """Deliver a message."""
        said = super().say(text, message_id, **changes)
        if said.tappable is not None:
            self.shown.append({"text": said.texts[0], "tappable": asdict(said.tappable)})
        return said


def a_chat(door: Door) -> TappingChat:
    """A chat on a channel where choices are tapped."""
    return TappingChat(door)


def sent(chat: TappingChat) -> list[dict[str, Any]]:
    """What was said with choices to tap since this was asked last."""
    shown, chat.shown = chat.shown, []
    return shown


def test_a_menu_goes_out_as_a_message_with_buttons(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    chat = a_chat(door)
    chat.say("salam")
    [message] = sent(chat)
    buttons = message["tappable"]

    assert "Que voulez-vous\n1 Inscription\n2 Langue" == message["text"]
    assert ("quick", "Que voulez-vous") == (buttons["kind"], buttons["body"])
    assert ["Inscription", "Langue"] == [item["title"] for item in buttons["items"]]
    assert "check_registration" not in str(buttons)


def test_an_answer_without_choices_is_the_webhooks_own(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [says("Bonjour")]

    chat = a_chat(door)

    assert ("Bonjour",) == chat.say("salam").texts
    assert [] == sent(chat)


def test_a_channel_that_taps_nothing_gets_numbered_lines(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU]

    assert ("Que voulez-vous\n1 Inscription\n2 Langue",) == Chat(door).say("salam").texts


def test_a_button_that_is_tapped_is_the_choice_it_was_shown_for(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, AGREED]
    chat = a_chat(door)
    chat.say("salam")
    [message] = sent(chat)
    chat.say("Langue", pressed=message["tappable"]["items"][1]["id"])

    assert ["salam", "/change_language"] == engine.texts


@pytest.mark.parametrize("typed", ["2", "langue", "LANGUE "])
def test_a_number_or_a_title_may_be_typed_instead(
    door: Door, engine: ScriptedEngine, typed: str
) -> None:
    engine.script += [MENU, AGREED]
    chat = a_chat(door)
    chat.say("salam")
    chat.say(typed)

    assert ["salam", "/change_language"] == engine.texts


def test_a_button_of_an_older_screen_is_answered_by_what_is_open_now(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, AGREED]
    chat = a_chat(door)
    chat.say("salam")
    [first] = sent(chat)
    old = first["tappable"]["items"][0]["id"]
    chat.say("2")
    [second] = sent(chat)
    chat.say("Inscription", pressed=old)
    [third] = sent(chat)
    remark = door.sentence("door_old_choice", "fr", ChannelKind.WHATSAPP)

    assert ["salam", "/change_language"] == engine.texts
    assert f"{remark}\nD'accord\nEncore une fois" == third["tappable"]["body"]
    assert second["tappable"]["items"] == third["tappable"]["items"]


def test_a_button_tapped_twice_chooses_once(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU, AGREED]
    chat = a_chat(door)
    chat.say("salam")
    [message] = sent(chat)
    for _ in range(2):
        chat.say("Langue", pressed=message["tappable"]["items"][1]["id"])

    assert ["salam", "/change_language"] == engine.texts


def test_nobody_can_type_the_id_of_a_button(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    chat = a_chat(door)
    chat.say("salam")
    [message] = sent(chat)
    typed = message["tappable"]["items"][0]["id"]
    chat.say(typed)

    assert "/check_registration" not in engine.texts


@pytest.mark.parametrize("forged", ["/check_registration", "/affirm", "00000000.1"])
def test_an_id_that_was_never_shown_chooses_nothing(
    door: Door, engine: ScriptedEngine, forged: str
) -> None:
    engine.script += [MENU]
    chat = a_chat(door)
    chat.say("salam")
    chat.say("Merci", pressed=forged)

    assert not {"/check_registration", "/affirm"} & set(engine.texts)


def test_a_button_of_somebody_elses_screen_chooses_nothing(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, MENU]
    chat = a_chat(door)
    chat.say("salam")
    [message] = sent(chat)
    other = TappingChat(door, number="+212698765432")
    other.say("salam")
    other.say("Langue", pressed=message["tappable"]["items"][1]["id"])

    assert ["salam", "salam"] == engine.texts


def test_a_message_delivered_twice_is_answered_the_same(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    chat = a_chat(door)
    answers = [chat.say("salam", message_id="SM-same").texts for _ in range(2)]

    assert answers[0] == answers[1]
    assert ["salam"] == engine.texts


def test_a_button_tapped_while_a_turn_runs_is_read_against_the_screen_it_belongs_to(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, 500, AGREED, says("Fini")]
    chat = a_chat(door)
    chat.say("salam")
    [message] = sent(chat)
    chat.say("2")
    chat.say("Inscription", pressed=message["tappable"]["items"][0]["id"])

    assert "/check_registration" not in engine.texts
    assert "/change_language" == engine.texts[-1]


def test_what_a_message_brings_is_whole_after_waiting(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    chat = a_chat(door)
    chat.say("salam")
    engine.wait_until_told()
    engine.gate.clear()
    first = Beside(lambda: chat.say("2"))
    engine.wait_until_told()
    chat.say("", content=Content.IMAGE, media=(Media("https://x/1", "image/png"),))
    engine.gate.set()
    first.result()
    taken = [value for task, value in door.queued() if task == "worker.turns.take"]

    assert [{"url": "https://x/1", "content_type": "image/png"}] == taken[0]["message"]["media"]
