"""A line that breaks, is throttled, falls silent or is stopped costs no citizen an input."""

from __future__ import annotations

from tests.builders import IDCS
from tests.end_to_end.running_house import wait_for
from tests.unit.channels.door import Beside, Door
from tests.unit.channels.scripted_engine import ScriptedEngine
from tests.unit.channels.smpp.operator import (
    ASKED,
    GOODBYE,
    MENU,
    Phone,
    a_line,
    an_operator,
    bound,
)


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
    with a_line(door) as (operator, running):
        dialled = Beside(Phone(operator).dial)
        engine.wait_until_told()
        operator.center.cut()
        wait_for("the break", lambda: running.calls.line.breaks == 1)
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
