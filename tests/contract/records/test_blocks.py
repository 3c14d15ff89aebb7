"""A blocked number stays blocked until an operator says otherwise."""

from __future__ import annotations

import pytest

from records.blocks import Block, Blocks
from records.database import Database, open_database
from tests.builders import NOW
from tests.contract.records.conftest import HandClock


class Seconds:
    """A clock of seconds that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def blocks(database: Database, clock: HandClock, seconds: Seconds) -> Blocks:
    return Blocks(database, clock, seconds)


def test_a_number_is_blocked_once_and_known_with_its_reason(blocks: Blocks) -> None:
    assert blocks.add("n", "floods us", "Amal")
    assert not blocks.add("n", "another", "Said")
    assert [Block("n", "floods us", "Amal", NOW)] == blocks.all()


def test_a_number_that_is_unblocked_is_free(blocks: Blocks) -> None:
    blocks.add("n", "floods us", "Amal")

    assert blocks.remove("n")
    assert not blocks.remove("n")
    assert [] == blocks.all()


def test_a_change_is_known_after_some_seconds(blocks: Blocks, seconds: Seconds) -> None:
    before = blocks.holds("n")
    blocks.add("n", "floods us", "Amal")
    at_once = blocks.holds("n")
    seconds.now += 5
    later, another = blocks.holds("n"), blocks.holds("m")

    assert (False, False, True, False) == (before, at_once, later, another)


def test_while_the_records_are_away_what_was_known_holds(
    blocks: Blocks, seconds: Seconds, clock: HandClock
) -> None:
    blocks.add("n", "floods us", "Amal")
    known = blocks.holds("n")
    away = Blocks(open_database("sqlite:////nowhere/at/all.db"), clock, seconds)

    assert known
    assert not away.holds("n")
