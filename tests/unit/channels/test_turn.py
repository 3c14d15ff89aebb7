"""A turn: each input moves the dialogue once, on a screen that was shown, with nothing readable."""

from __future__ import annotations

import pytest

from channels.deadline import Said
from core.messages import ChannelKind, Content, Expects
from core.vault import TOKEN
from tests.builders import IDCS, NUMBER
from tests.unit.channels.door import Beside, Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says
from tests.unit.channels.stored import stored

MENU = says(
    "Que voulez-vous",
    expects=Expects.MENU,
    buttons=[("Inscription", "/check_registration"), ("Langue", "/change_language")],
    root=True,
)
OTHER = "+212698765432"


def test_a_call_opens_and_each_answer_is_told_as_what_it_means(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, says("Votre IDCS", expects=Expects.IDCS)]
    call = Call(door)
    opened = call.dial()
    asked = call.press("1")
    call.press(IDCS)

    assert Said(("Que voulez-vous\n1 Inscription\n2 Langue",)) == opened
    assert asked.texts[0].startswith("Votre IDCS")
    assert ["/open", "/check_registration"] == engine.texts[:2]
    assert "idcs" == TOKEN.fullmatch(engine.texts[2])[1]  # type: ignore[index]


def test_the_engine_knows_a_number_by_its_key_alone(door: Door, engine: ScriptedEngine) -> None:
    Call(door).dial()
    Chat(door).say("salam")
    first, second = engine.told

    assert [door.conversation("ussd"), door.conversation("whatsapp")] == [
        first["sender"],
        second["sender"],
    ]
    assert "212" not in first["metadata"]["session"] and "session-" not in str(first)
    assert {"turn"} == second["metadata"].keys()


def test_a_goodbye_ends_the_session(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU, says("Au revoir", ends=True)]
    call = Call(door)

    assert call.dial().is_open
    assert Said(("Au revoir",), is_open=False) == call.press("baslama")


@pytest.mark.parametrize("times", [2, 6])
def test_the_same_hop_delivered_again_gets_the_same_answer_and_moves_nothing(
    door: Door, engine: ScriptedEngine, times: int
) -> None:
    engine.script += [MENU, says("Votre IDCS", expects=Expects.IDCS)]
    call = Call(door)
    opened = {call.dial(), *(call.hop() for _ in range(times - 1))}
    asked = {call.press("1"), *(call.hop() for _ in range(times - 1))}

    assert (1, 1) == (len(opened), len(asked))
    assert ["/open", "/check_registration"] == engine.texts


def test_the_same_message_delivered_again_gets_the_same_answer_and_moves_nothing(
    door: Door, engine: ScriptedEngine
) -> None:
    chat = Chat(door)
    said = [chat.say("salam", "SM1"), chat.say("salam", "SM1"), chat.say("salam", "SM1")]

    assert [Said(("You said salam",))] * 3 == said
    assert ["salam"] == engine.texts


def test_the_same_message_delivered_at_once_is_told_once(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.gate.clear()
    beside = [Beside(lambda: Chat(door).say("salam", "SM1")) for _ in range(3)]
    engine.wait_until_told()
    engine.gate.set()

    assert [Said(("You said salam",))] * 3 == [one.result() for one in beside]
    assert ["salam"] == engine.texts


def test_a_message_of_long_ago_delivered_again_moves_nothing(
    door: Door, engine: ScriptedEngine
) -> None:
    chat = Chat(door)
    for number in range(1, 6):
        chat.say(f"message {number}", f"SM{number}")

    assert Said() == chat.say("message 1", "SM1")
    assert 5 == len(engine.told)


def test_two_messages_with_the_same_words_are_two(door: Door, engine: ScriptedEngine) -> None:
    chat = Chat(door)
    chat.say("1", "SM1")
    chat.say("1", "SM2")

    assert ["1", "1"] == engine.texts


def test_two_numbers_share_nothing(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU, says("Votre IDCS", expects=Expects.IDCS)]
    mine, theirs = Chat(door), Chat(door, OTHER)
    mine.say("salam")
    theirs.say("bonjour")
    theirs.say("1")

    assert [door.conversation("whatsapp"), *[door.conversation("whatsapp", OTHER)] * 2] == [
        call["sender"] for call in engine.told
    ]
    assert ["salam", "bonjour"] == engine.texts[:2]
    assert "/check_registration" not in engine.texts


def test_the_channels_of_a_number_share_no_screen(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU, MENU]
    Chat(door).say("salam")
    Chat(door, kind=ChannelKind.SMS).say("1")

    assert ["salam", "1"] == engine.texts


def test_the_door_answers_by_itself_what_the_engine_need_not_hear(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU]
    call = Call(door)
    call.dial()
    screens = [call.press(text).texts[0] for text in ("9", "", "a" * 1001)]
    end = "Que voulez-vous\n1 Inscription\n2 Langue"

    assert ["/open"] == engine.texts
    assert all(screen.endswith(end) for screen in screens[:2])
    assert 3 == len(set(screens))


def test_an_image_is_answered_and_the_menu_stands(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    chat = Chat(door)
    chat.say("salam")
    answered = chat.say("", content=Content.OTHER)
    chat.say("2")

    assert answered.texts[0].endswith("Que voulez-vous\n1 Inscription\n2 Langue")
    assert ["salam", "/change_language"] == engine.texts


def test_an_image_as_the_first_message_opens_the_conversation(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU]
    answered = Chat(door).say("", content=Content.OTHER)

    assert ["/open"] == engine.texts
    assert answered.texts[0].endswith("2 Langue")


def test_pages_are_turned_without_the_engine(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [says(" ".join(f"mot{n}" for n in range(50)), expects=Expects.TEXT)]
    call = Call(door)
    first = call.dial()
    second = call.press("98")
    back = call.press("0")

    assert "98 " in first.texts[0]
    assert first.texts != second.texts
    assert first == back
    assert ["/open"] == engine.texts


def test_what_was_dialled_behind_the_service_code_is_answered_at_once(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, says("Votre IDCS", expects=Expects.IDCS)]
    said = Call(door).dial("1")

    assert said.texts[0].startswith("Votre IDCS")
    assert ["/open", "/check_registration"] == engine.texts


def test_an_empty_first_answer_shows_the_same_screen_and_the_next_is_read(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU]
    call = Call(door)

    assert call.dial() == call.press("")
    call.press("2")
    assert ["/open", "/change_language"] == engine.texts


def test_a_hop_that_comes_after_a_later_one_shows_where_the_call_stands(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, says("A", expects=Expects.TEXT), says("B", expects=Expects.TEXT)]
    call = Call(door)
    call.dial()
    call.pressed = ["x", "y"]
    now = call.hop()
    call.pressed = ["x"]

    assert now == call.hop()
    assert ["/open", "x*y"] == engine.texts


def test_a_conversation_that_was_forgotten_opens_anew(door: Door, engine: ScriptedEngine) -> None:
    engine.usually = lambda _: MENU
    call = Call(door)
    call.dial()
    door.store.delete(f"door:{door.conversation()}")

    assert call.press("1").is_open
    assert ["/open", "/open", "/check_registration"] == engine.texts


def test_a_typed_payload_or_token_reaches_the_engine_as_words(
    door: Door, engine: ScriptedEngine
) -> None:
    chat = Chat(door)
    token = door.vault.put(IDCS, "idcs", door.conversation("whatsapp"))
    for text in ("/restart", "  /open", "/", token):
        chat.say(text)

    assert ["restart", "open", "?"] == engine.texts[:3]
    assert token not in engine.texts[3]
    assert not any(text.startswith("/") for text in engine.texts)


def test_what_a_citizen_gives_is_readable_nowhere(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [says("IDCS :", expects=Expects.IDCS), says("Date :", expects=Expects.DATE)]
    chat = Chat(door)
    chat.say("salam, ana khadija")
    chat.say("58 39 20 47 19")
    chat.say("3/2/1980")
    chat.say("0612345678 / AB123456")
    told, kept = "\n".join(engine.texts), stored(door.store)

    for given in ("5839", "4719", "1980", "061234", "123456", NUMBER[4:], "3/2"):
        assert given not in told
        assert given.encode() not in kept
    assert b"khadija" not in kept
