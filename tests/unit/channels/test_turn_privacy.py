"""Two people calling from one number never see what belongs to the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.memory import Memories
from core.messages import Expects
from core.vault import SHOWN
from tests.builders import IDCS
from tests.unit.channels.door import SCREEN, Call, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

HURRIED = replace(SCREEN, deadline_seconds=0.8)
MENU = says("Menu", expects=Expects.MENU, buttons=[("Inscription", "/check"), ("Aide", "/help")])
CODE_ASKED = says("Le code", expects=Expects.CODE)
NO_HOUSEHOLD = says("RSU : votre ménage n'est pas inscrit.")


@pytest.fixture
def call(door: Door, engine: ScriptedEngine) -> Call:
    """A call that stands at the question for the code."""
    door.knows("fr")
    engine.script += [CODE_ASKED]
    call = Call(door, capabilities=HURRIED)
    call.dial()
    return call


def a_file(door: Door) -> list[dict[str, object]]:
    """An answer with a value of somebody's file."""
    return says(f"Indice {door.vault.put('9,7430010', SHOWN, door.conversation())}")


def answer_late(door: Door, call: Call, engine: ScriptedEngine, answer: object) -> None:
    """The code is given, and its answer comes when the caller has been told to wait."""
    engine.script += [answer]
    engine.gate.clear()
    call.press("123456")
    engine.gate.set()
    door.wait_for_turn()


def test_a_late_answer_is_shown_in_the_call_it_belongs_to(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    answer_late(door, call, engine, a_file(door))

    assert "9,7430010" in call.press("1").texts[0]


def test_a_late_answer_of_somebodys_file_is_not_shown_in_another_call(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    answer_late(door, call, engine, a_file(door))
    engine.script += [MENU]
    redialled = call.dial()

    assert redialled.texts[0].startswith("Menu")
    assert "9,7430010" not in call.press("2").texts[0]
    assert ["/open", "/open", "/help"] == [engine.texts[i] for i in (0, 2, 3)]


def test_that_nothing_was_found_of_somebody_is_not_shown_in_another_call_either(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    answer_late(door, call, engine, NO_HOUSEHOLD)
    engine.script += [MENU]

    assert call.dial().texts[0].startswith("Menu")


def test_a_late_question_is_not_shown_in_another_call(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    answer_late(door, call, engine, CODE_ASKED)

    engine.script += [MENU]

    assert call.dial().texts[0].startswith("Menu")
    assert "/open" == engine.texts[-1]


def test_a_digit_that_answered_the_wait_is_not_read_on_the_menu_that_opens_instead(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [a_file(door), MENU]
    engine.gate.clear()
    call.press("123456")
    waiting = call.dial()
    engine.gate.set()
    door.wait_for_turn()
    opened = call.press("1")

    assert "\n1 " in waiting.texts[0]
    assert opened.texts[0].startswith("Menu")
    assert "/open" == engine.texts[-1]


def test_what_a_call_left_pending_is_told_in_that_call_and_not_shown_in_another(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [[], a_file(door), MENU]
    call.press("123456")
    redialled = call.dial()
    sessions = [told["metadata"]["session"] for told in engine.told]

    assert redialled.texts[0].startswith("Menu")
    assert "9,7430010" not in redialled.texts[0]
    assert sessions[0] == sessions[1] == sessions[2] != sessions[3]
    assert "/open" == engine.texts[3]


def test_it_stays_so_where_the_engine_is_still_away_at_the_redial(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [[], [], a_file(door), MENU]
    call.press("123456")
    call.dial()
    opened = call.press("1")
    sessions = [told["metadata"]["session"] for told in engine.told]

    assert opened.texts[0].startswith("Menu")
    assert 1 == len(set(sessions[:4]))
    assert sessions[4] != sessions[0]


def test_what_is_pending_of_the_same_call_is_shown_in_it(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [[], a_file(door)]
    call.press("123456")

    assert "9,7430010" in call.press("1").texts[0]


def test_the_screen_of_an_earlier_call_answers_no_digit_of_a_later_one(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [says("Secret", expects=Expects.MENU, buttons=[("A", "/a"), ("B", "/b")])]
    call.press("123456")
    engine.script += [says("IDCS", expects=Expects.IDCS)]
    call.dial("2")

    assert "/b" not in engine.texts
    assert "/open" == engine.texts[-1]


def test_a_value_sealed_in_one_conversation_opens_in_no_other(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [MENU]
    call.press("12 34 56")
    token = engine.texts[-1]

    assert "12 34 56" == door.vault.open(token, "code", door.conversation())
    assert IDCS not in token


def test_a_reply_that_repeats_what_was_typed_is_a_failed_turn_and_shows_nothing(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    said = [call.press("123456"), call.press("1"), call.press("1")]
    engine.script += [MENU]

    assert [True, True, False] == [one.is_open for one in said]
    assert not any("[[" in one.texts[0] or "123456" in one.texts[0] for one in said)
    assert call.dial().texts[0].startswith("Menu")


def test_after_an_erasure_the_door_remembers_nothing_that_was_typed_or_shown(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    engine.script += [says("Indice 9,74"), says("C'est effacé.", ends=True, forgets=True)]
    call.press(IDCS)
    call.press("1")
    memory, _ = Memories(door.store, door.seal, 600).load(door.conversation(), "")

    assert "" == memory.typed
    assert ["C'est effacé."] == [page.text for page in memory.shown.pages]
    assert 1 == len(memory.answers)
