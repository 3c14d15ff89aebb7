"""Five hundred applications on three channels while the registry is down: all arrive, each once."""

from __future__ import annotations

import os
from collections import Counter as Tally
from contextlib import closing
from typing import Final

import pytest

from tests.dialogue.applications.campaign import (
    Counter,
    arrived,
    at_the_registry,
    citizens,
    fill_in,
    send,
)
from tests.dialogue.conftest import KINDS
from tests.end_to_end.handed_in import kill_worker
from tests.end_to_end.running_house import RunningHouse, wait_for

pytestmark = pytest.mark.e2e

ALL: Final = 500
# So many go through the whole dialogue, the others through what it calls.
TALKING: Final = int(os.environ.get("TWIZA_CAMPAIGN_TALKING", "24"))
DEADLINE: Final = 240.0


def test_a_campaign_while_the_registry_is_down_loses_nothing_and_doubles_nothing(
    house: RunningHouse,
) -> None:
    people, others = citizens(house), range(ALL - TALKING)
    half = len(others) // 2
    known, before = len(at_the_registry(house)), arrived(house)
    filled = fill_in(house, people[:TALKING])
    with house.down("registry"), closing(Counter(house)) as counter:
        references = counter.hand_in_many(people[TALKING:], others[:half])
        kill_worker(house)
        references += send(filled)
        references += counter.hand_in_many(people[TALKING:], others[half:])
        during = arrived(house)
    wait_for("some to arrive", lambda: before + 50 < arrived(house), DEADLINE)
    kill_worker(house)
    reached = arrived(house)
    wait_for("all to arrive", lambda: before + ALL == arrived(house), DEADLINE)
    taken = at_the_registry(house)[known:]

    assert before == during
    assert reached < before + ALL
    assert sorted(references) == sorted(one["reference"] for one in taken)
    assert ALL == len(set(references))
    channels = Tally(one["channel"] for one in taken)
    assert {kind.value for kind in KINDS} == set(channels)
    assert min(channels.values()) >= ALL // len(KINDS) - len(KINDS)
