"""The shelf: a new file and an emergency that opens are there without a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from actions.programmes.shelf import Shelf
from core.errors import SettingsFaulty, StoreUnavailable

SAMPLE: Final = Path(__file__).parents[4] / "sandbox/emergencies/flood_trial.toml"
KEY: Final = "flood_trial"


class World:
    """A folder, a clock, and which emergencies the records say are open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 0.0
        self.opened = frozenset[str]()
        self.asked = 0
        self.is_down = False

    def shelf(self, is_patient: bool = False) -> Shelf:
        return Shelf(str(self.folder), self.ask, lambda: self.now, is_patient)

    def ask(self) -> frozenset[str]:
        self.asked += 1
        if self.is_down:
            raise StoreUnavailable("down")
        return self.opened

    def write(self, text: str = "") -> None:
        text = text or SAMPLE.read_text(encoding="utf-8")
        (self.folder / f"{KEY}.toml").write_text(text, encoding="utf-8")
        self.now += 10


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_file_that_is_added_is_read(world: World) -> None:
    programmes = world.shelf().programmes()
    before = KEY in programmes
    world.write()

    assert not before
    assert KEY in programmes


def test_an_emergency_is_closed_until_the_records_say_it_is_open_and_then_comes_first(
    world: World,
) -> None:
    world.write(SAMPLE.read_text(encoding="utf-8").replace("order = 0", "order = 90"))
    programmes = world.shelf().programmes()
    before = programmes[KEY].status
    world.opened, world.now = frozenset({KEY}), world.now + 10
    first = next(iter(programmes))
    while_open = programmes[KEY].is_open
    world.opened, world.now = frozenset(), world.now + 10

    assert ("closed", KEY, True) == (before, first, while_open)
    assert "closed" == programmes[KEY].status
    assert KEY != next(iter(programmes))


def test_a_faulty_file_changes_nothing_of_what_was_known(world: World) -> None:
    world.write()
    programmes = world.shelf().programmes()
    world.write("names = 1")

    assert "Aide inondation" == programmes[KEY].short_name("fr")
    world.write(SAMPLE.read_text(encoding="utf-8").replace("Aide inondation", "Aide crue"))
    assert "Aide crue" == programmes[KEY].short_name("fr")


def test_a_faulty_file_stops_a_start_unless_it_is_patient(world: World) -> None:
    world.write("names = 1")

    with pytest.raises(SettingsFaulty, match="flood_trial"):
        world.shelf()
    patient = world.shelf(is_patient=True).programmes()
    assert "asd" in patient
    assert KEY not in patient
    world.write()
    assert KEY in patient


def test_where_the_records_do_not_answer_what_was_open_stays_open(world: World) -> None:
    world.write()
    world.opened = frozenset({KEY})
    programmes = world.shelf().programmes()
    before = programmes[KEY].is_open
    world.is_down, world.now = True, world.now + 10

    assert before
    assert programmes[KEY].is_open


def test_the_records_are_asked_only_now_and_then_and_only_where_there_is_an_emergency(
    world: World,
) -> None:
    programmes = world.shelf().programmes()
    assert "asd" in programmes
    assert 0 == world.asked
    world.write()
    for _ in range(20):
        assert KEY in programmes

    assert 1 == world.asked


def test_what_is_made_of_the_programmes_is_made_anew_only_when_they_change(world: World) -> None:
    made = []

    def count(programmes: object) -> dict[str, int]:
        made.append(programmes)
        return {"known": len(made)}

    known = world.shelf().made_of_them(count)
    before = [known["known"] for _ in range(5)]
    world.now += 10
    unchanged = known["known"]
    world.write()

    assert [1] * 5 == before
    assert 1 == unchanged
    assert 2 == known["known"]
