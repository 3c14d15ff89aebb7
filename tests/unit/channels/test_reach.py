"""The door notes where a number was last heard, so that it can be written to."""

from __future__ import annotations

from core.messages import ChannelKind
from core.privacy import Seal
from core.reach import Reach
from tests.builders import KEY, NUMBER, an_inbound
from tests.unit.channels.door import Call, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says


def test_a_call_leaves_its_number_for_those_who_know_its_key(door: Door) -> None:
    Call(door).dial()
    heard = Reach(door.store, Seal(KEY)).find(door.pseudonyms.number(NUMBER))

    assert heard is not None
    assert (NUMBER, ChannelKind.USSD) == (heard.number, heard.kind)
    assert heard.at == an_inbound().received_at


def test_a_number_whose_traces_are_erased_in_the_call_leaves_none(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    call = Call(door)
    call.dial()
    door.store.delete(f"reach:{door.pseudonyms.number(NUMBER)}")
    engine.script += [says("C'est effacé.", ends=True, forgets=True)]
    call.press("1")

    assert Reach(door.store, Seal(KEY)).find(door.pseudonyms.number(NUMBER)) is None
