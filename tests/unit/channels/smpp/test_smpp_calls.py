"""USSD over SMPP: a real server, a real line, real stores; the engine is scripted."""

from __future__ import annotations

import pytest

from tests.builders import IDCS
from tests.end_to_end.running_house import wait_for
from tests.unit.channels.door import Beside, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says
from tests.unit.channels.smpp.operator import ASKED, GOODBYE, MENU, Phone, a_line

STYLES = ["default", "mica", "6d"]


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


def test_many_calls_at_once_each_get_their_own_screens(door: Door, engine: ScriptedEngine) -> None:
    engine.usually = lambda call: says(f"{call['sender'][-12:]} {call['message'][:5]}")
    numbers = [f"+2126100001{last:02d}" for last in range(30)]
    with a_line(door, window=3) as (operator, _):
        phones = {number: Phone(operator, number) for number in numbers}
        dialled = {number: Beside(phone.dial) for number, phone in phones.items()}
        opened = {number: one.result()["text"] for number, one in dialled.items()}
        pressed = {n: Beside(lambda phone=phone: phone.press("oui")) for n, phone in phones.items()}
        answered = {number: one.result()["text"] for number, one in pressed.items()}

    for number in numbers:
        own = door.conversation(number=number)[-12:]
        assert opened[number].startswith(own)
        assert answered[number].startswith(own) and answered[number] != opened[number]
    assert 0 == operator.surplus
