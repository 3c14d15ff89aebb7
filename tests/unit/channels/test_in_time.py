"""Whatever fails, alone or with something else: a hop is answered in time, and tells the truth."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from channels.deadline import Said
from channels.memory import Memories
from channels.rendering.pages import Budget
from core.messages import Expects
from tests.redis_server import RedisServer
from tests.unit.channels.door import SCREEN, Call, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

# The clock strikes before a stalled Redis is given up on, and before a locked database is.
SECONDS = 1.2
# This machine may be busy.
ROOM = 1.5
KEPT = ("door_still_working", "door_try_again", "door_kept")
MENU = says("Menu", expects=Expects.MENU, buttons=[("Inscription", "/check"), ("Aide", "/help")])


@dataclass
class House:
    """A door, and what stands behind it."""

    door: Door
    engine: ScriptedEngine
    redis: RedisServer
    records: Path

    @contextmanager
    def engine_stalled(self) -> Iterator[None]:
        """It takes the call and says nothing."""
        self.engine.gate.clear()
        yield
        self.engine.gate.set()

    @contextmanager
    def engine_away(self) -> Iterator[None]:
        """Nobody answers at its address."""
        self.engine.stop()
        yield
        self.engine.start()

    @contextmanager
    def engine_silent(self) -> Iterator[None]:
        """The actions failed: it says nothing, with 200."""
        self.engine.script.append([])
        yield

    @contextmanager
    def redis_stalled(self) -> Iterator[None]:
        """Redis stands still."""
        self.redis.stall()
        yield
        self.redis.go_on()

    @contextmanager
    def redis_stalled_in_between(self) -> Iterator[None]:
        """Redis stands still once the engine has been told."""

        def stall(_: object) -> list[dict[str, object]]:
            self.redis.stall()
            return MENU

        usual, self.engine.usually = self.engine.usually, stall
        yield
        self.engine.usually = usual
        self.redis.go_on()

    @contextmanager
    def records_away(self) -> Iterator[None]:
        """The database is not there."""
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{self.records}{suffix}").rename(f"{self.records}{suffix}.gone")
        self.door.database.engine.dispose()
        yield
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{self.records}{suffix}.gone").rename(f"{self.records}{suffix}")

    @contextmanager
    def records_locked(self) -> Iterator[None]:
        """Somebody else writes into the database, and goes on writing."""
        other = sqlite3.connect(self.records, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()
        other.close()


ALONE = [
    House.engine_stalled,
    House.engine_away,
    House.engine_silent,
    House.redis_stalled,
    House.redis_stalled_in_between,
    House.records_away,
    House.records_locked,
]
TOGETHER = [
    (House.engine_stalled, House.records_away),
    (House.engine_away, House.records_locked),
    (House.engine_silent, House.records_away),
    (House.redis_stalled, House.records_away),
    (House.redis_stalled, House.records_locked),
    (House.redis_stalled, House.engine_stalled),
    (House.redis_stalled_in_between, House.records_away),
]
FAULTS = [(one,) for one in ALONE] + TOGETHER
# So long that the answer goes before it is saved, whatever its clock says.
AMPLE_SECONDS = 4.5
HURRIED_AND_AMPLE = [(SECONDS, faults) for faults in FAULTS]
HURRIED_AND_AMPLE += [(AMPLE_SECONDS, (House.redis_stalled_in_between,))]


@pytest.fixture
def house(engine: ScriptedEngine, records_url: str, words: None, tmp_path: Path) -> Iterator[House]:
    """A house whose number is known by its language."""
    folder = tmp_path / "redis"
    folder.mkdir()
    engine.usually = lambda _: MENU
    with RedisServer(folder) as server:
        door = Door(server.url, records_url, engine)
        door.knows("fr")
        yield House(door, engine, server, tmp_path / "records.db")
        server.go_on()
        door.close()


def sentence_of(house: House, said: Said, keys: tuple[str, ...]) -> bool:
    return any(said.texts[0].startswith(house.door.sentence(key, "fr")) for key in keys)


@pytest.mark.parametrize(
    ("seconds", "faults"),
    HURRIED_AND_AMPLE,
    ids=lambda given: "+".join(f.__name__ for f in given) if isinstance(given, tuple) else None,
)
def test_a_hop_is_answered_in_time_and_what_it_says_of_the_input_is_so(
    house: House, seconds: float, faults: tuple[object, ...]
) -> None:
    call = Call(house.door, capabilities=replace(SCREEN, deadline_seconds=seconds))
    call.dial()
    began = time.monotonic()
    told = press_under(house, call, faults)
    spent = told[1] - began
    said = told[0]
    house.door.wait_for_turn()
    call.capabilities = replace(SCREEN, deadline_seconds=20.0)
    call.press("1") if said.is_open else call.dial()

    assert spent < seconds + ROOM
    assert Budget().holds(said.texts[0])
    if sentence_of(house, said, KEPT):
        assert "/check" in house.engine.texts
    elif said.texts[0].startswith("Menu"):
        assert 1 <= house.engine.texts.count("/check") <= 2
    else:
        nobody_known = said.texts[0] == house.door.sentence("door_down", "")
        assert nobody_known or sentence_of(house, said, ("door_not_taken",))
        assert "/check" not in house.engine.texts


def press_under(house: House, call: Call, faults: tuple[object, ...]) -> tuple[Said, float]:
    """Choose the first choice while these faults last, and when the answer came."""
    if not faults:
        return call.press("1"), time.monotonic()
    with faults[0](house):  # type: ignore[operator]
        return press_under(house, call, faults[1:])


@pytest.mark.parametrize(
    "faults",
    [(House.redis_stalled, House.records_away), (House.engine_away, House.records_away)],
    ids=lambda faults: "+".join(f.__name__ for f in faults),
)
def test_a_first_hop_of_which_nothing_is_known_is_answered_in_every_language(
    house: House, faults: tuple[object, ...]
) -> None:
    call = Call(house.door, "+212655555555", capabilities=replace(SCREEN, deadline_seconds=SECONDS))
    call.session = "first"
    began = time.monotonic()
    said, at = press_under(house, call, faults)

    assert at - began < SECONDS + ROOM
    assert Said((house.door.sentence("door_down", ""),), is_open=False) == said


def test_a_turn_that_left_with_its_answer_and_is_not_saved_in_time_ends_the_call_in_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Call(house.door, capabilities=replace(SCREEN, deadline_seconds=20.0))
    call.dial()
    usual, goes_on = Memories.save, threading.Event()

    def save(self: Memories, *given: Any, **named: Any) -> None:
        goes_on.wait(20)
        usual(self, *given, **named)

    monkeypatch.setattr(Memories, "save", save)
    monkeypatch.setattr("channels.answering._SAVING_SECONDS", 0.1)
    call.capabilities = replace(SCREEN, deadline_seconds=SECONDS)
    began = time.monotonic()
    told = call.press("1")
    spent = time.monotonic() - began
    goes_on.set()
    house.door.wait_for_turn()

    assert spent < SECONDS + ROOM / 2
    assert Said((house.door.sentence("door_kept", "fr"),), is_open=False) == told
    assert 1 == house.engine.texts.count("/check")
    assert call.dial().texts[0].startswith("Menu")
