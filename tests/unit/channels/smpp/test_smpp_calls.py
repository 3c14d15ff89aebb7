"""USSD over SMPP: a real server, a real line, real stores; the engine is scripted."""

from __future__ import annotations

import pytest

from core.messages import Expects
from tests.builders import IDCS
from tests.end_to_end.running_house import wait_for
from tests.unit.channels.door import Beside, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says
from tests.unit.channels.smpp.operator import Phone, a_line, an_operator, bound

STYLES = ["default", "mica", "6d"]
MENU = says(
    "Que voulez-vous",
    expects=Expects.MENU,
    buttons=[("Inscription", "/check_registration"), ("Langue", "/change_language")],
    root=True,
)
ASKED = says("Votre IDCS", expects=Expects.IDCS)
GOODBYE = says("Au revoir", ends=True)


@pytest.mark.parametrize("style", STYLES)
def test_a_whole_call_goes_through_and_ends(door: Door, engine: ScriptedEngine, style: str) -> None:
    engine.script += [MENU, ASKED, GOODBYE]
    with a_line(door, style) as (operator, _):
        phone = Phone(operator)
        opened, asked, ended = phone.dial(), phone.press("1"), phone.press(IDCS)

    assert (True, "Que voulez-vous\n1 Inscription\n2 Langue") == (opened["open"], opened["text"])
    assert asked["open"] and asked["text"].startswith("Votre IDCS")
    assert (False, "Au revoir") == (ended["open"], ended["text"])
    assert ["/open", "/check_registration"] == engine.texts[:2]
    assert 0 == operator.surplus


def test_a_hop_delivered_again_while_it_runs_is_answered_once(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, ASKED]
    with a_line(door, repeat_seconds=5.0) as (operator, _):
        phone = Phone(operator)
        opened, asked = phone.dial(copies=3), phone.press("1", copies=3)

    assert "Que voulez-vous\n1 Inscription\n2 Langue" == opened["text"]
    assert asked["text"].startswith("Votre IDCS")
    assert ["/open", "/check_registration"] == engine.texts
    assert 0 == operator.surplus


def test_a_hop_that_comes_again_soon_after_its_answer_is_not_answered_again(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, ASKED]
    with a_line(door, repeat_seconds=5.0) as (operator, running):
        phone = Phone(operator)
        phone.dial()
        asked = phone.press("1")
        wait_for("the confirmation", lambda: not running.calls.is_busy)
        again = phone.repeat()

    assert asked["text"] == again["text"]
    assert ["/open", "/check_registration"] == engine.texts
    assert 0 == operator.surplus


def test_the_same_key_on_two_screens_in_a_row_is_two_inputs(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, MENU, ASKED]
    with a_line(door) as (operator, _):
        phone = Phone(operator)
        phone.dial()
        phone.press("1")
        asked = phone.press("1")

    assert asked["text"].startswith("Votre IDCS")
    assert ["/open", "/check_registration", "/check_registration"] == engine.texts


def test_what_was_dialled_behind_the_code_is_read(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU, ASKED]
    with a_line(door, "mica") as (operator, _):
        asked = Phone(operator).dial("*555*1#")

    assert asked["text"].startswith("Votre IDCS")
    assert ["/open", "/check_registration"] == engine.texts


def test_a_new_call_under_an_old_reference_opens_anew(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU, ASKED, MENU]
    with a_line(door) as (operator, _):
        phone = Phone(operator)
        phone.dial(reference=7)
        phone.press("1")
        phone.hang_up()
        opened = phone.dial(reference=7)

    assert opened["text"].startswith("Que voulez-vous")
    sessions = [call["metadata"]["session"] for call in engine.told]
    assert sessions[0] != sessions[-1]


@pytest.mark.parametrize("style", STYLES)
def test_who_hangs_up_is_not_answered_and_may_call_again(
    door: Door, engine: ScriptedEngine, style: str
) -> None:
    engine.script += [MENU, MENU]
    with a_line(door, style) as (operator, _):
        phone = Phone(operator)
        phone.dial()
        left = phone.hang_up()
        opened = phone.dial()

    assert 0 == left["status"] and not left["open"]
    assert opened["open"]
    assert 0 == operator.surplus


def test_an_answer_that_was_cut_off_is_sent_when_its_hop_comes_again(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, ASKED]
    with a_line(door) as (operator, running):
        phone = Phone(operator)
        phone.dial()
        wait_for("the confirmation", lambda: not running.calls.is_busy)
        operator.center.faults.inject({"cut_before_taking": 1})
        asked = phone.press("1")

    assert asked["text"].startswith("Votre IDCS")
    assert 2 == operator.center.binds_seen
    assert ["/open", "/check_registration"] == engine.texts
    assert 0 == operator.surplus


def test_a_screen_whose_confirmation_was_cut_off_can_be_answered(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, ASKED, GOODBYE]
    with a_line(door) as (operator, _):
        phone = Phone(operator)
        phone.dial()
        operator.center.faults.inject({"cut_after_taking": 1})
        asked = phone.press("1")
        wait_for("the bind", lambda: operator.center.binds_seen == 2)
        ended = phone.press(IDCS)

    assert asked["text"].startswith("Votre IDCS")
    assert "Au revoir" == ended["text"]
    assert 0 == operator.surplus


def test_an_answer_that_is_ready_while_nothing_is_bound_is_sent_afterwards(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU]
    engine.gate.clear()
    with a_line(door) as (operator, _):
        dialled = Beside(Phone(operator).dial)
        engine.wait_until_told()
        operator.center.cut()
        engine.gate.set()
        opened = dialled.result()

    assert opened["text"].startswith("Que voulez-vous")
    assert ["/open"] == engine.texts


def test_a_hop_whose_answer_was_lost_gets_it_from_another_process(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, ASKED]
    operator = an_operator(patience_seconds=0.5)
    phone = Phone(operator)
    with bound(door, operator):
        phone.dial()
    with bound(door, operator, answer_seconds=0.001):
        lost = phone.press("1")
    with bound(door, operator):
        wait_for("the other bind", lambda: operator.center.binds_seen == 3)
        again = phone.repeat()
    operator.center.close()

    assert "" == lost["text"]
    assert again["text"].startswith("Votre IDCS")
    assert ["/open", "/check_registration"] == engine.texts
    assert 0 == operator.surplus


def test_a_hop_delivered_again_on_a_new_bind_moves_once(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU, ASKED]
    with a_line(door) as (operator, _):
        phone = Phone(operator)
        phone.dial()
        operator.center.faults.inject({"cut_on_deliver": 1})
        asked = phone.press("1")

    assert asked["text"].startswith("Votre IDCS")
    assert ["/open", "/check_registration"] == engine.texts


def test_an_answer_that_is_throttled_is_sent_again(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    with a_line(door) as (operator, _):
        operator.center.faults.inject({"throttle": 2})
        opened = Phone(operator).dial()

    assert opened["text"].startswith("Que voulez-vous")
    assert 0 == operator.surplus


def test_a_late_confirmation_counts_as_one(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU, MENU, ASKED]
    with a_line(door, response_seconds=0.2) as (operator, _):
        phone = Phone(operator)
        operator.center.faults.inject({"late_seconds": 0.5})
        opened = phone.dial()
        phone.press("1")
        asked = phone.press("1")

    assert opened["open"]
    assert asked["text"].startswith("Votre IDCS")
    assert 0 == operator.surplus


def test_a_refused_bind_is_tried_again(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    with a_line(door) as (operator, _):
        operator.center.faults.inject({"refuse_binds": 3})
        operator.center.cut()
        wait_for("the bind", lambda: operator.center.binds_seen == 2, 10)
        opened = Phone(operator).dial()

    assert opened["open"]


def test_a_line_that_falls_silent_is_bound_anew(door: Door) -> None:
    with a_line(door, enquire_seconds=0.1, response_seconds=0.1) as (operator, _):
        operator.center.faults.inject({"is_silent": True})
        wait_for("another bind", lambda: operator.center.binds_seen > 1, 10)


def test_a_stop_finishes_the_turn_that_runs_and_unbinds(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    engine.gate.clear()
    with a_line(door) as (operator, running):
        phone = Phone(operator)
        dialled = Beside(phone.dial)
        engine.wait_until_told()
        stopped = Beside(running.stop)
        wait_for("the closing", lambda: running.calls.is_closing)
        other = Phone(operator, "+212698765432").dial()
        engine.gate.set()
        opened = dialled.result()
        stopped.result()

        assert opened["text"].startswith("Que voulez-vous")
        assert 0x64 == other["status"]
        wait_for("the farewell", lambda: not operator.center.bound)
    assert 1 == operator.center.binds_seen


def test_more_hops_than_can_be_taken_are_refused_for_now(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [MENU]
    engine.gate.clear()
    with a_line(door, hops=1) as (operator, _):
        first = Beside(Phone(operator).dial)
        engine.wait_until_told()
        second = Phone(operator, "+212698765432").dial()
        engine.gate.set()

        assert first.result()["open"]
    assert 0x14 == second["status"]


@pytest.mark.parametrize(
    ("dialled", "status"), [("*556#", 0x0B), ("555", 0), ("*555", 0), ("bonjour", 0x0B)]
)
def test_only_the_service_code_is_served(
    door: Door, engine: ScriptedEngine, dialled: str, status: int
) -> None:
    engine.script += [MENU]
    with a_line(door, "mica") as (operator, _):
        told = Phone(operator).dial(dialled)

    assert status == told["status"]
