"""Where hops have no number, the same words are the same hop for a while, and only then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from channels.deadline import Said
from channels.memory import HOPS_KNOWN_SECONDS
from core.messages import Expects, SessionEvent
from tests.unit.channels.door import HURRIED, SCREEN, Beside, Call, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

WINDOW = 3.0


@dataclass
class LastOnlyCall(Call):
    """A call at a gateway that sends the last input alone, and names a hop by what it says."""

    def press(self, answer: str) -> Said:
        """Answer the screen."""
        return self.send(answer)

    def hop(self) -> Said:
        """Dial."""
        return self.send("*".join(self.pressed), session_event=SessionEvent.NEW)

    def send(self, text: str, **changes: Any) -> Said:
        """Deliver a hop as such a gateway words it."""
        event = changes.pop("session_event", SessionEvent.CONTINUE)
        given = {"cumulative": False, "repeat_window_seconds": WINDOW, "session_event": event}
        named = {"message_id": f"{self.session}:{event}:{text}"}
        return super().send(text, **(given | named | changes))


@pytest.fixture
def call(door: Door, engine: ScriptedEngine) -> LastOnlyCall:
    """A call that stands at the first of many menus."""
    door.knows("fr")
    engine.usually = lambda call: says(
        f"Menu {len(engine.told)}", expects=Expects.MENU, buttons=[("A", "/a"), ("B", "/b")]
    )
    call = LastOnlyCall(door)
    call.dial()
    return call


def test_a_hop_whose_count_was_passed_shows_the_screen_of_now(
    call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    for step, answer in enumerate("12", 2):
        call.wait(WINDOW + 2)
        shown = call.send(answer, step=step)
    call.wait(WINDOW + 2)
    late = call.send("2", step=2, message_id="late")
    call.wait(WINDOW + 2)
    after = call.send("1", step=4)

    assert shown.texts == late.texts
    assert after.texts[0].startswith("Menu 4")
    assert ["/open", "/a", "/b", "/a"] == engine.texts


def test_the_same_words_within_the_window_are_the_same_hop(
    call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    first = call.press("1")
    call.wait(WINDOW - 1)

    assert first == call.press("1")
    assert ["/open", "/a"] == engine.texts


def test_the_same_words_after_the_window_are_another_answer(
    call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    screens = []
    for _ in range(4):
        call.wait(WINDOW + 2)
        screens.append(call.press("1").texts[0].split("\n")[0])

    assert ["Menu 2", "Menu 3", "Menu 4", "Menu 5"] == screens
    assert ["/open", *["/a"] * 4] == engine.texts


def test_other_words_at_once_are_another_answer(call: LastOnlyCall, engine: ScriptedEngine) -> None:
    call.press("1")
    call.press("2")

    assert ["/open", "/a", "/b"] == engine.texts


def test_the_window_begins_anew_with_each_answer(
    call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    call.press("1")
    call.wait(WINDOW + 2)
    second = call.press("1")

    assert second == call.press("1")
    assert ["/open", "/a", "/a"] == engine.texts


def test_a_hop_delivered_at_once_many_times_moves_once(
    call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    engine.gate.clear()
    beside = [Beside(lambda: call.press("1")) for _ in range(3)]
    engine.wait_until_told()
    engine.wait_until_told()
    engine.gate.set()

    assert 1 == len({one.result() for one in beside})
    assert ["/open", "/a"] == engine.texts


def test_after_its_clock_has_spoken_the_same_digit_goes_on_and_is_not_read(
    door: Door, call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    call.capabilities = HURRIED
    engine.gate.clear()
    late = call.press("1")
    engine.gate.set()
    door.wait_for_turn()
    call.capabilities = SCREEN
    call.wait(1)
    gone_on = call.press("1")
    call.wait(WINDOW + 1)
    call.press("1")

    assert late.texts[0].startswith(door.sentence("door_still_working", "fr"))
    assert gone_on.texts[0].startswith("Menu 2")
    assert ["/open", "/a", "/a"] == engine.texts


def test_a_hop_that_comes_when_no_gateway_keeps_its_call_any_more_moves_nothing(
    door: Door, call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    shown = call.press("1")
    call.wait(HOPS_KNOWN_SECONDS + 1)

    assert shown == call.press("1")
    assert ["/open", "/a"] == engine.texts


def test_a_call_that_its_gateway_keeps_for_longer_goes_on(
    door: Door, call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    call.capabilities = replace(SCREEN, session_seconds=2.0 * HOPS_KNOWN_SECONDS)
    call.press("1")
    call.wait(HOPS_KNOWN_SECONDS + 1)
    call.press("1")

    assert 3 == len(engine.texts)


def test_a_hop_that_died_with_its_door_is_told_again_and_shown(
    door: Door, call: LastOnlyCall, engine: ScriptedEngine
) -> None:
    engine.script += [[]]
    call.press("1")
    call.at += timedelta(seconds=1)
    forget_the_answer(door)

    assert call.press("1").texts[0].startswith("Menu 3")
    assert ["/open", "/a", "/a"] == engine.texts


def forget_the_answer(door: Door) -> None:
    """The door died before it could answer: the input is pending, and no answer is known."""
    memories = door.conversations._tools.memories
    memory, _ = memories.load(door.conversation(), "")
    memory.answers.clear()
    memories.save(door.conversation(), memory)


def test_a_numbered_hop_that_died_with_its_door_is_told_again_and_shown(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    call = Call(door)
    engine.script += [
        says("Menu", expects=Expects.MENU, buttons=[("A", "/a")]),
        [],
        says("Autre", expects=Expects.MENU, buttons=[("B", "/b")]),
    ]
    call.dial()
    call.press("1")
    forget_the_answer(door)

    assert call.hop().texts[0].startswith("Autre")
    assert ["/open", "/a", "/a"] == engine.texts
