"""An emergency among what can be applied for: first while it is open, gone when it is not."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import redis

from records.emergencies import Emergencies, Proposal
from records.invitations import Invitations, Invited
from tests.builders import NOW, NUMBER
from tests.unit.actions.engine import Engine
from tests.unit.actions.world import World

SAMPLE: Final = Path(__file__).parents[3] / "sandbox/emergencies/flood_trial.toml"
KEY: Final = "flood_trial"
NAME: Final = "Aide inondation"


@pytest.fixture
def flooded(store: redis.Redis, records_url: str, tmp_path: Path) -> Iterator[World]:
    """A world whose folder of programmes holds an approved emergency."""
    shutil.copy(SAMPLE, tmp_path)
    world = World(store, records_url, programmes_folder=str(tmp_path))
    emergencies = Emergencies(world.database, lambda: world.now)
    week = timedelta(days=7)
    emergencies.propose(Proposal(KEY, "f" * 64, "{}", NOW, NOW + week, 60, 1000), "Amal", "ops")
    emergencies.approve(KEY, "Badr", "ops")
    yield world
    world.close()


def invited(world: World) -> Invitations:
    """The caller's number is invited."""
    invitations = world.services.invitations
    number = world.pseudonyms.number(NUMBER)
    invitations.invite(KEY, Invited("p", number, "sms", "fr", 30), lambda _: 1)
    return invitations


def offered(engine: Engine) -> list[str]:
    """The titles of what can be applied for."""
    result = asyncio.run(engine.world.executor.run(engine.call("action_begin_application")))
    assert result is not None
    [menu] = [said for said in result.responses if said["response"] == "utter_application_which"]
    return [choice["title"] for choice in menu["choices"]]


def asks(engine: Engine, programme: str | None = None) -> Engine:
    """An aid is asked for, by its name where one is given."""
    given: dict[str, Any] = {"programme": programme} if programme else {}
    engine.set_slot("language", "fr")
    engine.hear("apply", **given)
    return engine.run("action_begin_application")


def test_it_is_offered_first_while_it_is_open(flooded: World) -> None:
    engine = asks(Engine(flooded))
    while_open = offered(engine)
    flooded.pass_time(days=7)
    later = offered(asks(Engine(flooded)))

    assert NAME == while_open[0]
    assert later
    assert NAME not in later


def test_who_opens_it_after_an_invitation_has_answered(flooded: World) -> None:
    invitations = invited(flooded)
    before = invitations.counts(KEY).answered
    engine = asks(Engine(flooded), KEY)

    assert KEY == engine.slots["procedure"]
    assert [0, 1] == [before, invitations.counts(KEY).answered]


def test_who_comes_too_late_reads_that_it_is_closed(flooded: World) -> None:
    invitations = invited(flooded)
    flooded.pass_time(days=7)
    engine = asks(Engine(flooded), KEY)

    assert "utter_application_closed" == engine.keys[0]
    assert "utter_application_which" in engine.keys
    assert 0 == invitations.counts(KEY).answered
