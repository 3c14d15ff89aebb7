"""What counts as late, and what is the machine's delay or the fault's."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from core.privacy import Pseudonyms
from sandbox.chaos.conductor import Conductor, Span
from sandbox.chaos.counting import Proof
from sandbox.chaos.house import House
from sandbox.chaos.lag import Delay, Lag
from sandbox.chaos.line import Hop, Noted
from sandbox.house.layout import Layout

DEADLINE = 4.0


@pytest.fixture
def proof(tmp_path: Path) -> Proof:
    """A proof of hops that a test gives, over a house that is not there."""
    dialect = tmp_path / "dialect.toml"
    dialect.write_text(f"[limits]\ndeadline_seconds = {DEADLINE}\n", encoding="utf-8")
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    house = House(Layout(tmp_path, 30000), process)
    house.run = {"channels": {"ussd": {"dialect_file": str(dialect)}}}
    noted, over = Noted(Pseudonyms(b"k" * 32)), threading.Event()
    conductor = Conductor(house, noted, random.Random(1), over, 60.0)
    return Proof(house, noted, [], conductor, Lag(over))


def test_a_hop_after_its_deadline_is_late(proof: Proof) -> None:
    proof.noted.hops += [Hop(0.0, 3.9), Hop(10.0, 14.5)]

    assert [4.5] == proof.late()


def test_a_hop_that_overlaps_a_door_which_was_away_is_not_late(proof: Proof) -> None:
    proof.conductor.door_away.append(Span(12.0, 15.0))
    proof.noted.hops += [Hop(10.0, 19.0), Hop(15.1, 20.0)]

    assert [pytest.approx(4.9)] == proof.late()


def test_what_the_machine_kept_a_thread_waiting_for_is_not_the_doors_delay(proof: Proof) -> None:
    proof.lag.delays += [Delay(12.0, 12.6), Delay(30.0, 39.0)]
    proof.noted.hops += [Hop(10.0, 14.5), Hop(10.0, 14.7)]

    assert [pytest.approx(4.7)] == proof.late()
    assert 2 == len(proof.slow())


def test_a_turn_is_recorded_under_its_own_name_or_that_of_what_was_said_in_its_place(
    proof: Proof,
) -> None:
    proof.noted.accepted.update(a="the first", b="the second", c="the third")
    proof.house.data.mkdir(exist_ok=True)
    with closing(sqlite3.connect(proof.house.data / "transcripts.sqlite")) as kept:
        kept.execute("CREATE TABLE turns (key TEXT)")
        kept.execute("INSERT INTO turns VALUES ('a'), ('b.shed.1795850993.5')")
        kept.commit()

    assert ["the third"] == proof.unrecorded()
