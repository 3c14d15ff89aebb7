"""Redis fails over and PostgreSQL is started again in the middle of a campaign: nothing is lost.

A short form; `TWIZA_FAILOVERS=3 TWIZA_MESSAGES=600` makes it longer (`bin/check --full`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pytest
import redis

from core.messages import ChannelKind
from sandbox.phone.client import Handset
from tests.dialogue.applications.applicant import CITIZEN, PROGRAMMES, Applicant
from tests.dialogue.applications.campaign import citizens
from tests.dialogue.talk import Talk
from tests.end_to_end.callers import at_the_identifier, chat_at_the_identifier, is_asked_to_continue
from tests.end_to_end.mailing import Mailing
from tests.end_to_end.running_house import RunningHouse, wait_for
from tests.end_to_end.words import door_said, flat, read_pages, said
from tests.servers.postgres_server import PostgresServer, needs_postgres
from tests.servers.redis_server import StandAloneRedis, needs_redis
from tests.servers.sentinel_set import SentinelSet, needs_sentinel, sentinel_set
from tests.servers.stores import PASSWORD

pytestmark = [pytest.mark.e2e, needs_postgres, needs_redis, needs_sentinel]

TIMES: Final = int(os.environ.get("TWIZA_FAILOVERS", "1"))
MESSAGES: Final = int(os.environ.get("TWIZA_MESSAGES", "60"))
REQUESTS: Final = max(6, MESSAGES // 10)
EACH: Final = 4
IN_TIME_MS: Final = 5000
DEADLINE: Final = 180.0
# As docs/operating.md says: who is cut off from every replica takes nothing any more.
SAFE: Final = ("--min-replicas-to-write", "1", "--min-replicas-max-lag", "10")
# What a citizen may be told while a store is away; all of it is true then.
HONEST: Final = (
    *("door_not_taken", "door_kept", "door_down", "door_try_again", "door_try_again_message"),
    *("door_still_working", "door_still_working_message", "door_busy", "door_out_of_service"),
)
# So that what a lost connection held goes to another within the test.
IMPATIENT: Final = {"TWIZA_TASK_VISIBILITY_SECONDS": "30", "TWIZA_ENGINE_TIMEOUT_SECONDS": "20"}


@dataclass(frozen=True)
class World:
    """A house, and the servers under it."""

    house: RunningHouse
    postgres: PostgresServer
    redis: SentinelSet
    numbers: list[str]

    def mailing(self, seed: int) -> Mailing:
        """A campaign of its own, begun, of which some has arrived."""
        people = citizens(self.house)[seed * REQUESTS : (seed + 1) * REQUESTS]
        mailing = Mailing(self.house, self.numbers, people, EACH, seed)
        mailing.start()
        wait_for("the first messages", lambda: mailing.sent() > MESSAGES // 10, DEADLINE)
        return mailing


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("failover")
    data = folder / "data"
    shutil.copytree(PROGRAMMES, data / "programmes")
    with PostgresServer() as postgres, sentinel_set(folder, PASSWORD, options=SAFE) as replicated:
        wait_for("every replica", replicated.is_whole, DEADLINE)
        url = postgres.new_database()
        stores = {"REDIS_URL": replicated.url(), "RECORDS_URL": url, "TRANSCRIPTS_URL": url}
        with RunningHouse.started(data, settings=IMPATIENT | stores) as house:
            numbers = [f"+2126620{place:05d}" for place in range(MESSAGES // EACH)]
            yield World(house, postgres, replicated, numbers)


def is_honest(text: str) -> bool:
    """True where a citizen is told how it stands, in their language or in a word of each."""
    found = flat(text)
    return any(
        door_said("fr", key, kind) in found for key in HONEST for kind in ("ussd", "whatsapp")
    )


def has_moved(replicated: SentinelSet, dead: StandAloneRedis) -> bool:
    """True once the Sentinels name another master that takes itself for one."""
    try:
        master = replicated.master()
        with master.client() as client:
            return master is not dead and client.info("replication")["role"] == "master"
    except redis.RedisError:
        return False


def goes_on(handset: Handset) -> bool:
    """A citizen does what the screens say; true once the call is one question further."""
    if not handset.screen.open:
        handset.dial()
    text = flat(handset.screen.text)
    if is_asked_to_continue(text) or (handset.screen.open and is_honest(text)):
        handset.press("1")
    elif said("fr", "utter_ask_idcs", "ussd") in text:
        handset.press("2345678906")
    return said("fr", "utter_ask_birth_date", "ussd") in flat(handset.screen.text)


def form_goes_on(applicant: Applicant) -> bool:
    """The same in a form, whose next question comes."""
    talk = applicant.talk
    if not talk.is_open:
        talk.redial()
    if is_asked_to_continue(talk.hears) or (talk.is_open and is_honest(talk.hears)):
        talk.say("1")
    elif applicant.asked("heating"):
        talk.say("3")
    return applicant.asked("cold_since")


def asks_for_birth_date(house: RunningHouse, number: str, known: int) -> bool:
    """True once a chat was answered with the next question."""
    asked = said("fr", "utter_ask_birth_date", "whatsapp")
    return any(asked in flat(one["text"]) for one in house.inbox(number)[known:])


@pytest.mark.parametrize("turn", range(TIMES))
def test_a_failover_of_redis_in_a_campaign_loses_nothing_and_doubles_nothing(
    world: World, turn: int
) -> None:
    house = world.house
    handset = at_the_identifier(house.handset(f"+21266300000{turn}"), "fr")
    chat = chat_at_the_identifier(house.chat("whatsapp", f"+21266310000{turn}"), "fr")
    known = len(house.inbox(chat.number))
    mailing = world.mailing(turn)
    dead = world.redis.master()
    dead.kill()
    mailing.go_on()
    handset.press("2345678906")
    meanwhile = handset.screen
    chat.say("2345678906")

    assert is_honest(meanwhile.text), meanwhile.text
    assert meanwhile.milliseconds < IN_TIME_MS
    wait_for("another master", lambda: has_moved(world.redis, dead), DEADLINE)
    dead.start()
    if turn:
        # As if nothing of what was queued had reached a replica.
        world.redis.master().client(1).flushdb()
    wait_for("the call", lambda: goes_on(handset), DEADLINE)
    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)
    wait_for("the chat's answer", lambda: asks_for_birth_date(house, chat.number, known), DEADLINE)
    mailing.wait(DEADLINE)
    assert {} == mailing.out_of_order_or_doubled()
    assert {} == mailing.doubled_requests()
    wait_for("every replica", world.redis.is_whole, DEADLINE)


@pytest.mark.parametrize("turn", range(TIMES))
@pytest.mark.parametrize("end", [PostgresServer.stop, PostgresServer.kill], ids=["fast", "killed"])
def test_a_restart_of_postgresql_in_a_campaign_loses_nothing_and_keeps_the_draft(
    world: World, end: Callable[[PostgresServer], None], turn: int
) -> None:
    first = TIMES + turn * 2 + (end is PostgresServer.kill)
    house, citizen = world.house, world.house.citizen(CITIZEN)
    applicant = Applicant(Talk(house, ChannelKind.USSD, citizen["phone"], "fr").open(), citizen)
    applicant.begin().answer("children", "0")
    assert applicant.asked("heating")
    mailing = world.mailing(first)
    end(world.postgres)
    mailing.go_on()
    meanwhile = applicant.talk.say("3", waits=False)
    wait_for("a message to wait", lambda: mailing.was_refused, DEADLINE)
    world.postgres.start()

    assert is_honest(meanwhile), meanwhile
    wait_for("the form", lambda: form_goes_on(applicant), DEADLINE)
    mailing.wait(DEADLINE)
    assert {} == mailing.out_of_order_or_doubled()
    assert {} == mailing.doubled_requests()
