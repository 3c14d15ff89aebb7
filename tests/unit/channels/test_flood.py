"""A flood over HTTP: whoever makes it is turned away, and everybody else is answered."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import redis
import requests
from prometheus_client import REGISTRY

from channels.app import create_app
from channels.settings import DoorSettings
from core.environment import read_settings
from core.privacy import Pseudonyms
from records.database import open_database
from records.people import Numbers
from tests.builders import KEY, KEY_TEXT, NUMBER
from tests.redis_server import RedisServer
from tests.served import at_once, served
from tests.unit.channels.front_door import SECRET, SETTINGS
from tests.unit.channels.scripted_engine import ScriptedEngine

ALLOWED = 10
FLOOD = 60
DEADLINE_SECONDS = 60.0
Dial = Callable[[str], str]


def shed() -> float:
    """How many calls were turned away by the queue."""
    labels = {"kind": "ussd", "outcome": "shed"}
    return REGISTRY.get_sample_value("twiza_door_hops_total", labels) or 0.0


_CALLS = itertools.count()


@pytest.fixture
def dial(
    monkeypatch: pytest.MonkeyPatch,
    redis_server: RedisServer,
    records_url: str,
    engine: ScriptedEngine,
    store: redis.Redis,
    words: None,
) -> Iterator[Dial]:
    """Dials the code of a door that lets a number in ten times a minute; the screen it shows."""
    given = SETTINGS | {
        "REDIS_URL": redis_server.url,
        "BROKER_URL": redis_server.url.removesuffix("/0") + "/1",
        "RECORDS_URL": records_url,
        "VAULT_KEY": KEY_TEXT,
        "PSEUDONYM_KEY": KEY_TEXT,
        "ENGINE_URL": engine.url,
        "ARRIVALS_PER_MINUTE": str(ALLOWED),
        "TURNS_AT_ONCE": "2",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"TWIZA_{name}", value)
    with served(create_app(read_settings(DoorSettings))) as url:
        address = f"{url}/channels/ussd/messages?secret={SECRET}"

        def dialled(number: str) -> str:
            form = {
                "sessionId": f"flood-{next(_CALLS)}",
                "serviceCode": "*555#",
                "phoneNumber": number,
                "networkCode": "60401",
                "text": "",
            }
            answer = requests.post(address, data=form, timeout=DEADLINE_SECONDS)
            assert answer.status_code == 200
            return answer.text

        yield dialled


def test_a_number_that_floods_is_turned_away_and_others_are_answered(
    dial: Dial, engine: ScriptedEngine
) -> None:
    others = [f"+2126610002{number:02d}" for number in range(6)]
    flooding = [NUMBER] * FLOOD
    # One of the others after each ten of the flood.
    mixed = [*itertools.chain(*zip(*[iter(flooding)] * 10, others, strict=True))]
    screens = dict.fromkeys(others, "")
    flooded = []
    for number, screen in zip(mixed, at_once(dial, mixed, 4), strict=True):
        if number == NUMBER:
            flooded.append(screen)
        else:
            screens[number] = screen
    let_in = [screen for screen in flooded if screen.startswith("CON ")]

    assert FLOOD == len(flooded)
    # A minute may end in the middle of it.
    assert ALLOWED <= len(let_in) <= 2 * ALLOWED
    assert all(len(screen) > 4 for screen in flooded if screen.startswith("END "))
    assert [] == [number for number, screen in screens.items() if not screen.startswith("CON ")]
    assert len(engine.told) <= 2 * ALLOWED + len(others)


def test_a_flood_of_many_numbers_meets_the_queue_and_an_honest_screen(
    dial: Dial, engine: ScriptedEngine, records_url: str
) -> None:
    crowd = [f"+21266200{number:04d}" for number in range(40)]
    with closing(open_database(records_url)) as database:
        for number in crowd:
            Numbers(database).choose_language(Pseudonyms(KEY).number(number), "fr")
    newcomers = (f"+21266300{number:04d}" for number in itertools.count())
    engine.gate.clear()
    late = at_once(dial, crowd[:2], 2)
    # The engine says nothing: what a turn takes is reckoned from those that run.
    deadline, before = time.monotonic() + DEADLINE_SECONDS, shed()
    while shed() == before:
        assert time.monotonic() < deadline
        dial(next(newcomers))
    told, before = len(engine.told), shed()
    screens = at_once(dial, crowd[2:])
    turned_away, told_more = shed() - before, len(engine.told) - told
    engine.gate.set()

    assert len(crowd) - 2 == turned_away
    [screen] = set(screens)
    assert screen.startswith("END ")
    # In their language, and another sentence than who waits for an answer reads.
    assert {True} == {one.startswith("CON ") and one[4:] != screen[4:] for one in late}
    # Nobody waited for a turn that would not come, and the engine was not asked.
    assert 0 == told_more


def test_after_a_flood_the_door_answers_as_before(dial: Dial, engine: ScriptedEngine) -> None:
    at_once(dial, [NUMBER] * FLOOD, 8)

    assert dial("+212662009999").startswith("CON ")
