"""What is dialled behind the service code chooses from menus, once the language is known."""

from __future__ import annotations

from typing import Any

import pytest

from core.messages import ChannelKind, Expects, SessionEvent
from tests.builders import IDCS
from tests.unit.channels.door import HURRIED, Beside, Call, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

LANGUAGES = says(
    "Language",
    expects=Expects.MENU,
    language="",
    root=True,
    buttons=[(name, f"/choose_{name}") for name in ("ar", "ary", "zgh", "fr")],
)
CONSENT = says(
    "D'accord ?", expects=Expects.MENU, form="identity_form", buttons=[("Oui", "/affirm")]
)


def menu(name: str) -> list[dict[str, Any]]:
    """A menu whose choices say where they stand."""
    return says(name, expects=Expects.MENU, buttons=[(f"{n}", f"/{name}{n}") for n in (1, 2, 3)])


@pytest.fixture(params=[True, False], ids=["cumulative", "last-only"])
def call(request: pytest.FixtureRequest, door: Door) -> Call:
    """A call at either sort of gateway."""
    return Call(door) if request.param else LastOnly(door)


class LastOnly(Call):
    """A call at a gateway that marks the first hop, and sends the last input alone after it."""

    _is_dialling: bool = False

    def hop(self) -> Any:
        """Deliver the hop."""
        first = not self.pressed or self._is_dialling
        event = SessionEvent.NEW if first else SessionEvent.CONTINUE
        text = "*".join(self.pressed) if first else self.pressed[-1]
        name = f"{self.session}:{len(self.pressed)}:{first}"
        self._is_dialling = False
        return self.send(text, session_event=event, cumulative=False, message_id=name)

    def dial(self, *behind: str) -> Any:
        """Begin a session."""
        self._is_dialling = True
        return super().dial(*behind)


def test_a_new_number_is_asked_for_its_language_first_and_then_led_on(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [LANGUAGES, menu("a"), menu("b"), menu("c")]
    asked = call.dial("1", "2")
    led = call.press("4")

    assert asked.texts[0].startswith("Language")
    assert led.texts[0].startswith("c")
    assert ["/open", "/choose_fr", "/a1", "/b2"] == engine.texts


def test_the_language_may_be_asked_for_more_than_once(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [LANGUAGES, LANGUAGES, menu("a"), menu("b")]
    call.dial("3")
    call.press("bonjour")
    call.press("4")

    assert ["/open", "bonjour", "/choose_fr", "/a3"] == engine.texts


def test_what_was_dialled_in_another_call_is_forgotten(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [LANGUAGES, LANGUAGES, menu("a")]
    call.dial("3")
    call.dial()
    call.press("4")

    assert ["/open", "/open", "/choose_fr"] == engine.texts


def test_a_choice_that_is_not_there_ends_it(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [menu("a"), menu("b")]
    shown = call.dial("1", "7", "2")

    assert ["/open", "/a1"] == engine.texts
    assert "b" in shown.texts[0].split("\n")
    assert call.door.sentence("door_wrong_choice", "fr") in shown.texts[0]


def test_nobody_agrees_to_what_they_have_not_read(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [menu("a"), CONSENT]
    shown = call.dial("1", "1", IDCS)
    call.press("1")

    assert shown.texts[0].startswith("D'accord ?")
    assert ["/open", "/a1", "/affirm"] == engine.texts


def test_stars_without_digits_mean_nothing(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [menu("a"), menu("b")]
    call.dial("", "2", "")

    assert ["/open", "/a2"] == engine.texts


def test_an_engine_away_in_between_loses_none_of_it(call: Call, engine: ScriptedEngine) -> None:
    call.door.knows("fr")
    engine.script += [menu("a"), [], menu("b"), menu("c")]
    call.dial("1", "2")
    shown = call.press("1")

    assert shown.texts[0].startswith("c")
    assert ["/open", "/a1", "/a1", "/b2"] == engine.texts


def test_an_answer_to_a_screen_nobody_remembers_is_not_read(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [menu("a")]
    call = Call(door, session="forgotten")
    shown = call.send("2", cumulative=False, session_event=SessionEvent.CONTINUE)

    assert shown.texts[0].startswith("a")
    assert ["/open"] == engine.texts


def test_a_digit_pressed_where_the_first_hop_had_to_wait_is_not_dialled(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    engine.script += [menu("a"), menu("b"), menu("c")]
    running = Call(door)
    running.dial()
    engine.wait_until_told()
    engine.gate.clear()
    beside = Beside(lambda: running.press("1"))
    engine.wait_until_told()
    waiting = Call(door, capabilities=HURRIED)
    told = waiting.dial()
    engine.gate.set()
    beside.result()
    opened = waiting.press("1")

    assert told.texts[0].startswith(door.sentence("door_busy", "fr", ChannelKind.USSD))
    assert opened.texts[0].startswith("c")
    assert ["/open", "/a1", "/open"] == engine.texts
