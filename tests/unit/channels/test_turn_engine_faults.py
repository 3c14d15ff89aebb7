"""The engine is away, silent or slow: the citizen is told in time, and what was given is kept."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from channels.deadline import Said
from core.messages import ChannelKind, Expects
from tests.builders import IDCS, NUMBER
from tests.unit.channels.door import CHAT, SCREEN, Beside, Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

HURRIED = replace(SCREEN, deadline_seconds=0.6)
HURRIED_CHAT = replace(CHAT, deadline_seconds=1.5)
MENU = says("Menu", expects=Expects.MENU, buttons=[("Inscription", "/check"), ("Aide", "/help")])
IDCS_ASKED = says("Votre IDCS", expects=Expects.IDCS)
CODE_ASKED = says("Le code", expects=Expects.CODE)


@pytest.fixture
def call(door: Door) -> Call:
    """A call of a number whose language is on record."""
    door.knows("fr")
    return Call(door)


@pytest.mark.parametrize("fault", [[], 500, b"not json"])
def test_a_failed_turn_is_told_and_drained_before_a_new_digit_is_read(
    call: Call, engine: ScriptedEngine, fault: object
) -> None:
    engine.script += [MENU, fault, IDCS_ASKED]
    call.dial()
    told = call.press("1")
    gone_on = call.press("1")

    assert told.texts[0].startswith(call.door.sentence("door_try_again", "fr") + "\n1 ")
    assert told.is_open
    assert gone_on.texts[0].startswith("Votre IDCS")
    assert ["/open", "/check", "/check"] == engine.texts


def test_an_engine_that_stays_away_loses_nothing(door: Door, engine: ScriptedEngine) -> None:
    door.knows("fr")
    call = Call(door)
    engine.script += [IDCS_ASKED]
    call.dial()
    engine.stop()
    told = {call.press(text).texts for text in (IDCS, "1", "1", "1", "1", "1")}
    engine.start()
    engine.script += [says("Votre date", expects=Expects.DATE)]

    assert 1 == len(told)
    assert call.press("1").texts[0].startswith("Votre date")
    assert 2 == len(engine.told)
    assert IDCS == door.vault.open(engine.texts[1], "idcs", door.conversation())


def test_a_redial_drains_what_the_call_before_it_left_and_opens_afresh(
    call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, [], IDCS_ASKED, MENU]
    call.dial()
    call.press("1")

    assert call.dial().texts[0].startswith("Menu")
    assert ["/open", "/check", "/check", "/open"] == engine.texts


def test_an_input_that_fails_every_time_blocks_nobody_for_ever(
    call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, [], [], [], MENU]
    call.dial()
    said = [call.press("1") for _ in range(3)]
    reopened = call.dial()

    assert [True, True, False] == [one.is_open for one in said]
    assert (call.door.sentence("door_out_of_service", "fr"),) == said[2].texts
    assert reopened.texts[0].startswith("Menu")
    assert ["/open", "/check", "/check", "/check", "/open"] == engine.texts


def test_where_no_language_is_known_the_call_ends_with_a_word_in_each(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [[], MENU]
    call = Call(door)
    told = call.dial()

    assert not told.is_open
    assert 4 >= len(told.texts[0].split("\n")) >= 2
    assert call.dial().texts[0].startswith("Menu")
    assert ["/open", "/open"] == engine.texts


@pytest.mark.parametrize("language", ["ar", "ary", "fr", "zgh"])
def test_a_slow_turn_is_told_in_time_in_the_language_on_record(
    door: Door, engine: ScriptedEngine, language: str
) -> None:
    door.knows(language)
    engine.gate.clear()
    began = time.monotonic()
    told = Call(door, capabilities=HURRIED).dial()
    spent = time.monotonic() - began
    still = door.sentence("door_still_working", language)

    assert spent < 2.0
    assert told.is_open
    assert told.texts[0].startswith(f"{still}\n1 ")


def test_a_late_answer_is_shown_at_the_next_hop_before_a_new_digit_and_told_once(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, IDCS_ASKED, says("Votre date", expects=Expects.DATE)]
    call.capabilities = HURRIED
    call.dial()
    engine.gate.clear()
    late = call.press("1")
    engine.gate.set()
    door.wait_for_turn()
    shown = call.press("1")
    call.press(IDCS)

    assert late.texts[0].startswith(call.door.sentence("door_still_working", "fr"))
    assert shown.texts[0].startswith("Votre IDCS")
    assert ["/open", "/check"] == engine.texts[:2]
    assert 3 == len(engine.told)
    assert engine.texts[2].startswith("[[idcs:")


def test_a_digit_pressed_while_the_turn_still_runs_is_not_read(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, IDCS_ASKED]
    call.capabilities = HURRIED
    call.dial()
    engine.gate.clear()
    late, *busy = call.press("1"), call.press("1"), call.press("2")
    engine.gate.set()
    door.wait_for_turn()

    assert late.texts[0].startswith(door.sentence("door_still_working", "fr") + "\n1 ")
    assert all(one.texts[0].startswith(door.sentence("door_busy", "fr")) for one in busy)
    assert call.press("1").texts[0].startswith("Votre IDCS")
    assert ["/open", "/check"] == engine.texts


def test_a_late_hop_delivered_again_is_not_told_again(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [says("Au revoir", ends=True)]
    call.capabilities = HURRIED
    engine.gate.clear()
    call.dial()
    engine.gate.set()
    door.wait_for_turn()

    assert Said(("Au revoir",), is_open=False) == call.hop()
    assert ["/open"] == engine.texts


def test_a_failed_message_is_left_to_the_worker_to_finish(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    engine.script += [[], IDCS_ASKED]
    chat = Chat(door)
    told = chat.say("salam")
    queued = door.queued()
    finished = chat.finish()

    assert (door.sentence("door_try_again_message", "fr", ChannelKind.WHATSAPP),) == told.texts
    assert [("worker.turns.finish", {"channel": "whatsapp", "number": NUMBER})] == queued
    assert Said(("Votre IDCS",)) == finished
    assert Said() == chat.finish()
    assert ["salam", "salam"] == engine.texts


def test_a_message_behind_a_failed_one_is_told_after_it(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [[], MENU, IDCS_ASKED]
    chat = Chat(door)
    chat.say("salam")

    assert Said(("Votre IDCS",)) == chat.say("rsu")
    assert ["salam", "salam", "rsu"] == engine.texts


def test_a_late_answer_is_owed_and_the_worker_asked_to_give_it(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    engine.script += [IDCS_ASKED]
    engine.gate.clear()
    told = Chat(door, capabilities=HURRIED_CHAT).say("salam, ana khadija")
    engine.gate.set()
    door.wait_for_turn("whatsapp")
    [owed] = door.owed()

    assert (door.sentence("door_still_working_message", "fr", ChannelKind.WHATSAPP),) == told.texts
    assert ("whatsapp", NUMBER, ("Votre IDCS",)) == (owed.channel, owed.number, owed.texts)
    assert owed.due <= time.time()
    assert [("worker.owed.give", {})] == door.queued()


def test_a_message_that_comes_while_a_turn_runs_is_left_to_the_worker_to_take(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    engine.gate.clear()
    first = Beside(lambda: Chat(door).say("salam"))
    engine.wait_until_told()
    told = Chat(door, capabilities=HURRIED_CHAT).say("rsu", "SM-second")
    engine.gate.set()
    [(task, value)] = door.queued()

    assert (door.sentence("door_still_working_message", "fr", ChannelKind.WHATSAPP),) == told.texts
    assert ("You said salam",) == first.result().texts
    assert "worker.turns.take" == task
    assert ("rsu", "SM-second", NUMBER) == tuple(
        value["message"][name] for name in ("text", "message_id", "number")
    )
    assert ["salam"] == engine.texts


def test_nothing_in_the_broker_can_be_read(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [[]]
    chat = Chat(door, capabilities=HURRIED_CHAT)
    chat.say("salam, ana khadija")
    engine.gate.clear()
    engine.wait_until_told()
    Beside(lambda: Chat(door, "+212698765432").say("bonjour, ana khadija"))
    engine.wait_until_told()
    Chat(door, "+212698765432", capabilities=HURRIED_CHAT).say("khadija AB123456")
    engine.gate.set()
    door.wait_for_turn("whatsapp")
    kept = door.in_the_broker()

    assert b"worker.turns.finish" in kept and b"worker.turns.take" in kept
    for secret in (b"khadija", b"2126", b"698765", b"AB1234", b"bonjour", b"whatsapp-"):
        assert secret not in kept
