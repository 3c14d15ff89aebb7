"""What a citizen typed is safe from its coming to its answer, whichever door dies in between."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
import redis

from channels.deadline import Said
from channels.memory import Memories
from core.editions import CAME
from core.messages import Expects, SessionEvent
from core.recorded import STREAM, TURN, open_record
from tests.unit.channels.door import Beside, Call, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says
from tests.unit.channels.stored import stored
from transcripts.turns import RecordedTurn

MENU = says("Menu", expects=Expects.MENU, buttons=[("Inscription", "/check"), ("Aide", "/help")])
QUESTION = says("Votre IDCS", expects=Expects.IDCS, form="identity_form")
DATE = says("Votre date de naissance", expects=Expects.DATE, form="identity_form")
IDCS = "1234567890"


@pytest.fixture
def call(door: Door, engine: ScriptedEngine) -> Call:
    """A call that stands at the question for the IDCS."""
    door.knows("fr")
    engine.script += [MENU, QUESTION]
    call = Call(door)
    call.dial()
    call.press("1")
    forget_calls(engine)
    return call


def forget_calls(engine: ScriptedEngine) -> None:
    engine.told.clear()
    while engine.arrived.acquire(blocking=False):
        pass


def hops(door: Door) -> list[bytes]:
    return cast("list[bytes]", door.store.keys("hop:*"))


def die_at(door: Door, engine: ScriptedEngine, call: Call, typed: str) -> None:
    """The door dies while the engine works on what was typed, and its lock lapses."""
    engine.gate.clear()
    turn = Beside(lambda: call.press(typed))
    engine.wait_until_told()
    keys = cast("list[bytes]", door.store.keys())
    kept = {key: door.store.dump(key) for key in keys if not key.startswith(b"turn:")}
    engine.gate.set()
    turn.result()
    door.store.flushdb()
    for key, value in kept.items():
        door.store.restore(key, 600_000, cast(bytes, value))
    forget_calls(engine)


def recorded(door: Door) -> list[RecordedTurn]:
    entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", door.store.xrange(STREAM))
    sealed = [fields[TURN.encode()] for _, fields in entries]
    return [RecordedTurn.from_json(open_record(door.seal, one)) for one in sealed]


def shown(said: Said) -> str:
    return said.texts[0].splitlines()[0]


def test_what_a_dead_door_was_told_is_told_to_the_engine_by_the_next_hop_of_the_call(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    die_at(door, engine, call, IDCS)
    engine.script += [DATE]

    said = call.press("1")

    # The answer to what was typed first is shown before the new digit is read.
    assert "Votre date de naissance" == shown(said)
    assert 1 == len(engine.texts)
    assert engine.texts[0].startswith("[[idcs:")
    assert not hops(door)


def test_a_hop_whose_door_died_is_known_to_the_transcripts_with_the_next_one(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    die_at(door, engine, call, IDCS)
    engine.script += [DATE]
    before = len(recorded(door))
    call.press("1")

    died, answered = recorded(door)[before:]
    assert ("unfinished", "", []) == (died.outcome, died.said, died.screens)
    assert "answered" == answered.outcome
    assert died.key != answered.key
    assert died.name == answered.name


def test_the_same_hop_delivered_again_is_answered_and_moves_once(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    die_at(door, engine, call, IDCS)
    engine.script += [DATE]

    before = len(recorded(door))
    again = [call.hop(), call.hop()]

    assert ["Votre date de naissance"] * 2 == [shown(said) for said in again]
    assert 1 == len(engine.texts)
    assert ["answered"] == [one.outcome for one in recorded(door)[before:]]


def test_the_hop_itself_moves_nothing_when_it_comes_after_the_next_one(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    die_at(door, engine, call, IDCS)
    engine.script += [DATE]
    call.press("1")
    late = call.send("*".join(call.pressed[:-1]))

    assert "Votre date de naissance" == shown(late)
    assert 1 == len(engine.texts)


def test_another_call_is_not_shown_what_was_typed_in_the_one_before_but_it_is_not_lost(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    die_at(door, engine, call, IDCS)
    engine.script += [DATE]

    said = call.dial()

    assert door.sentence("door_redial", "fr") == shown(said)
    assert engine.texts[0].startswith("[[idcs:")


def test_a_hop_that_opened_a_call_is_left_to_the_call_that_comes(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    call = Call(door)
    engine.gate.clear()
    turn = Beside(call.dial)
    engine.wait_until_told()
    value = cast(bytes, door.store.dump(hops(door)[0]))
    engine.gate.set()
    turn.result()
    door.store.delete(f"door:{door.conversation()}")
    door.store.restore(f"hop:{door.conversation()}", 600_000, value)
    engine.told.clear()
    engine.script += [MENU]

    assert "Menu" == shown(call.dial())
    assert ["/open"] == engine.texts


def test_nothing_is_left_of_a_hop_once_it_is_answered(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    engine.script += [DATE]
    call.press(IDCS)
    answered = hops(door)
    call.hop()
    repeated = hops(door)
    call.send("1")
    stale = hops(door)
    call.hang_up()

    assert [[], [], [], []] == [answered, repeated, stale, hops(door)]


def test_what_was_typed_is_sealed_while_the_engine_works(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    engine.gate.clear()
    turn = Beside(lambda: call.press(IDCS))
    engine.wait_until_told()
    found = (hops(door), stored(door.store))
    engine.gate.set()
    turn.result()

    assert [f"hop:{door.conversation()}".encode()] == found[0]
    assert IDCS.encode() not in found[1]


def test_what_was_left_before_the_last_answer_is_not_told_any_more(
    door: Door, engine: ScriptedEngine, call: Call
) -> None:
    die_at(door, engine, call, IDCS)
    left = cast(bytes, door.store.dump(hops(door)[0]))
    door.store.delete(hops(door)[0])
    call.wait(5)
    engine.script += [DATE]
    call.press(IDCS)
    engine.told.clear()
    # A door of the release before let the lock go without it.
    door.store.restore(f"hop:{door.conversation()}", 600_000, left)
    call.wait(5)

    call.press("01/02/1980")

    assert 1 == len(engine.texts)
    assert not hops(door)


def test_what_is_answered_when_the_store_fails_is_kept_and_said_to_be(
    door: Door, engine: ScriptedEngine, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*given: object, **named: object) -> None:
        raise redis.ConnectionError

    engine.script += [DATE, DATE]
    with monkeypatch.context() as patch:
        patch.setattr(Memories, "save", away)
        told = call.press(IDCS)
    shown_next = call.press("1")

    assert (door.sentence("door_kept", "fr"),) == told.texts
    assert "Votre date de naissance" == shown(shown_next)


def test_what_a_later_release_left_is_for_a_door_of_that_release(
    door: Door, engine: ScriptedEngine, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("channels.coming.CAME", replace(CAME, writes=CAME.latest + 1))
        die_at(door, engine, call, IDCS)

    said = call.press("1")

    assert said.texts[0].startswith(door.sentence("door_busy", "fr"))
    assert hops(door)
    assert [] == engine.texts


def test_who_hangs_up_leaves_nothing(door: Door, engine: ScriptedEngine, call: Call) -> None:
    call.send("", session_event=SessionEvent.ABORT, message_id="over")

    assert not hops(door)


def test_a_hop_costs_two_exchanges_beside_what_the_engine_asks(door: Door, call: Call) -> None:
    door.store.config_resetstat()
    call.press(IDCS)
    asked = cast("dict[str, dict[str, int]]", door.store.info("commandstats"))

    assert 2 == asked["cmdstat_evalsha"]["calls"]
    assert not {"cmdstat_exec", "cmdstat_eval"} & asked.keys()
