"""Every turn leaves a record of what was said and shown, and none holds what was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import redis

from channels.spool import Spool
from core.errors import StoreUnavailable
from core.messages import Expects, SessionEvent
from core.recorded import STREAM, TURN, UNFINISHED, open_record
from core.vault import SHOWN
from tests.builders import IDCS
from tests.redis_server import RedisServer
from tests.unit.channels.door import HURRIED, SCREEN, Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says
from transcripts.turns import RecordedTurn


def records(door: Door) -> list[RecordedTurn]:
    """What waits to be recorded."""
    entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", door.store.xrange(STREAM))
    sealed = [fields[TURN.encode()] for _, fields in entries]
    return [RecordedTurn.from_json(open_record(door.seal, one)) for one in sealed]


def test_a_call_is_recorded_hop_by_hop_as_it_was_seen(door: Door) -> None:
    door.knows("fr")
    buttons = [("Oui", "/affirm"), ("Non", "/deny")]
    menu = says("Menu", expects=Expects.MENU, buttons=buttons)
    door.engine.script.extend([menu, says("Merci")])
    call = Call(door)
    shown = [call.dial().texts[0], call.press("1").texts[0]]

    made = records(door)
    assert shown == [turn.screens[0] for turn in made]
    assert ["open", "affirm"] == [turn.choice for turn in made]
    assert ("choice", "1") == (made[1].step, made[1].said)
    assert {"answered"} == {turn.outcome for turn in made}
    assert made[1].milliseconds is not None and made[1].engine_milliseconds is not None
    assert made[0].session == made[1].session != ""


def test_a_doubled_hop_that_was_not_read_takes_no_place_from_the_one_that_was(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    menu = says("Menu", expects=Expects.MENU, buttons=[("A", "/a")])
    engine.script.extend([menu, says("Merci")])
    call = Call(door, capabilities=HURRIED)
    call.dial()
    door.engine.gate.clear()
    call.press("1")
    for _ in range(2):
        call.wait(0.1)
        call.hop()
    before = [turn.outcome for turn in records(door)]
    door.engine.gate.set()
    door.conversations.close()
    made = records(door)

    assert ["answered", "busy", "busy"] == before
    assert 4 == len({turn.key for turn in made})
    assert ["/a"] == engine.texts[1:]
    assert ["Merci"] == [turn.screens[0][:5] for turn in made if turn.choice == "a"]


def test_a_turn_whose_clock_has_answered_is_noted_until_it_ends(door: Door) -> None:
    door.engine.script.append(says("Menu"))
    door.engine.gate.clear()
    told = Call(door, capabilities=HURRIED).dial()
    left = cast("dict[bytes, bytes]", door.store.hgetall(UNFINISHED))
    noted = [RecordedTurn.from_json(open_record(door.seal, one)) for one in left.values()]
    door.engine.gate.set()
    door.conversations.close()

    made = records(door)
    assert [("late", list(told.texts))] == [(turn.outcome, turn.screens) for turn in noted]
    assert [("late", "Menu")] == [(turn.outcome, turn.screens[0][:4]) for turn in made]
    assert [turn.key for turn in noted] == [turn.key for turn in made]
    assert not door.store.exists(UNFINISHED)


def test_what_was_sealed_is_a_token_in_the_record(door: Door) -> None:
    door.engine.script.extend([says("Votre numéro ?", expects=Expects.IDCS), says("Merci")])
    chat = Chat(door)
    chat.say("salam")
    chat.say(f"{IDCS[:5]} {IDCS[5:]}")

    said = records(door)[-1].said
    assert said.startswith("[[idcs:")
    assert IDCS.encode() not in (door.store.dump(STREAM) or b"")


def test_what_ends_a_call_at_its_limit_is_masked_too(door: Door) -> None:
    door.knows("fr")
    index = door.vault.put("9,7430010", SHOWN, door.conversation())
    menu = says("Menu", expects=Expects.MENU, buttons=[("Oui", "/affirm")])
    door.engine.script.extend([menu, says(f"Indice {index}")])
    call = Call(door, capabilities=replace(SCREEN, session_seconds=180.0))
    call.dial()
    call.wait(170)
    said = call.press("1")

    assert "9,7430010" in said.texts[0] and not said.is_open
    assert "9,7430010" not in records(door)[-1].to_json().decode()


def test_values_of_a_file_are_masked_in_the_record_and_shown_to_the_citizen(door: Door) -> None:
    name = door.vault.put("Fatima", SHOWN, door.conversation("whatsapp"))
    door.engine.script.append(says(f"Bonjour {name}"))
    told = Chat(door).say("salam")

    assert ("Bonjour Fatima",) == told.texts
    assert ["Bonjour ******"] == records(door)[-1].screens


def test_a_delivery_that_comes_again_is_recorded_once(door: Door) -> None:
    chat = Chat(door)
    chat.say("salam", "SM1")
    chat.say("salam", "SM1")

    assert 1 == len(records(door))


def test_a_failed_turn_is_recorded_by_the_name_of_its_failure(door: Door) -> None:
    door.engine.script.append([])
    Chat(door).say("salam")

    assert "EngineSilent" == records(door)[-1].outcome


def test_hanging_up_is_recorded(door: Door) -> None:
    door.knows("fr")
    call = Call(door)
    call.dial()
    call.hang_up()

    assert SessionEvent.ABORT.value == records(door)[-1].session_event


def test_the_engine_is_told_the_name_of_the_turn(door: Door) -> None:
    Chat(door).say("salam")

    assert [turn.key for turn in records(door)] == [
        call["metadata"]["turn"] for call in door.engine.told
    ]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis server that a test may stop."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as running:
        yield running


@pytest.fixture
def spooling(
    engine: ScriptedEngine, server: RedisServer, records_url: str, words: None, tmp_path: Path
) -> Iterator[Door]:
    """A door with a spool, over that server."""
    opened = Door(server.url, records_url, engine, spool_folder=str(tmp_path / "spool"))
    yield opened
    opened.close()


def spooled(door: Door, folder: Path) -> list[dict[str, object]]:
    spool = Spool(str(folder), door.seal)
    return [value for path in spool.waiting() if (value := spool.read(path)) is not None]


def test_without_redis_a_message_waits_on_the_disk_and_its_citizen_is_told(
    spooling: Door, server: RedisServer, tmp_path: Path
) -> None:
    spooling.knows("fr")
    chat = Chat(spooling)
    server.stop()
    told = chat.say("salam")

    assert "gardé" in told.texts[0]
    (value,) = spooled(spooling, tmp_path / "spool")
    assert {"message"} == value.keys()
    assert b"salam" not in next((tmp_path / "spool").iterdir()).read_bytes()


def test_without_redis_a_call_that_is_not_taken_is_recorded_on_the_disk(
    spooling: Door, server: RedisServer, tmp_path: Path
) -> None:
    spooling.knows("fr")
    call = Call(spooling)
    call.dial()
    server.stop()
    call.press("1")

    (value,) = spooled(spooling, tmp_path / "spool")
    assert "not_taken" == RecordedTurn.from_json(str(value["record"]).encode()).outcome


def test_a_hop_whose_save_fails_is_recorded_by_what_it_was_told(
    spooling: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spooling.knows("fr")
    spooling.engine.script.append(says("une ligne\n" * 60))
    call = Call(spooling)
    call.dial()

    def fail(*_: object, **__: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(spooling.conversations.tools.memories, "save", fail)
    # A page is turned: nothing of it is saved before its answer.
    told = call.press("98")

    (value,) = spooled(spooling, tmp_path / "spool")
    turn = RecordedTurn.from_json(str(value["record"]).encode())
    assert ("page", list(told.texts)) == (turn.step, turn.screens)


def test_with_neither_redis_nor_a_disk_the_provider_is_to_try_again(
    spooling: Door, server: RedisServer, tmp_path: Path
) -> None:
    (tmp_path / "spool").write_text("not a folder", encoding="utf-8")
    server.stop()

    with pytest.raises(StoreUnavailable):
        Chat(spooling).say("salam")
