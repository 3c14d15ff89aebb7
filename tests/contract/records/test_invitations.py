"""Invitations: once for each, within the rate and the budget, and never after a stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from records.applications import Applications, HandedIn
from records.database import Database
from records.invitations import Invited, Verdict
from tests.builders import NOW
from tests.contract.records.conftest import HandClock, run_in_processes
from tests.contract.records.flooded import COST, World
from tests.contract.records.test_emergencies import FLOOD


@pytest.fixture
def world(database: Database, clock: HandClock) -> World:
    return World(database, clock)


def test_the_budget_is_never_exceeded(world: World) -> None:
    world.approve(budget=3 * COST - 1)

    assert [Verdict.INVITED, Verdict.INVITED, Verdict.TOO_DEAR] == [
        world.invite(f"p{n}", f"n{n}") for n in range(3)
    ]
    assert 2 * COST == world.spent()
    assert 2 == world.invitations.counts("flood").invited


def test_a_minute_invites_no_more_than_the_rate_and_spreads_it(world: World) -> None:
    world.approve(rate_per_minute=12)
    people = iter(range(1000))

    def invited_now() -> int:
        number = 0
        while (n := next(people)) >= 0 and world.invite(f"p{n}", f"n{n}") is Verdict.INVITED:
            number += 1
        world.send_all()
        return number

    first_minute = []
    for _ in range(6):
        first_minute.append(invited_now())
        world.clock.move(seconds=10)
    world.clock.move(minutes=10)

    assert [2] * 6 == first_minute
    assert 2 == invited_now()
    assert 0 == world.invitations.room("flood")


def test_a_provider_that_takes_nothing_is_given_no_more_than_a_minutes_worth(world: World) -> None:
    world.approve(rate_per_minute=2)
    verdicts = []
    for n in range(4):
        verdicts.append(world.invite(f"p{n}", f"n{n}"))
        world.clock.move(minutes=2)

    assert [Verdict.INVITED] * 2 + [Verdict.TOO_FAST] * 2 == verdicts
    world.send_all()
    assert Verdict.INVITED is world.invite("p9", "n9")


@pytest.mark.parametrize("step", ["pause", "stop"])
def test_after_a_pause_or_a_stop_not_one_more_is_invited(world: World, step: str) -> None:
    world.invite("p1", "n1")
    getattr(world.emergencies, step)("flood", "Amal", "ops")

    assert Verdict.CLOSED is world.invite("p2", "n2")
    assert 0 == world.invitations.room("flood")


def test_nobody_is_invited_before_the_start_nor_after_the_end(world: World) -> None:
    world.clock.now = NOW - timedelta(seconds=1)
    before = world.invite("p1", "n1")
    world.clock.now = FLOOD.ends

    assert [Verdict.CLOSED] * 2 == [before, world.invite("p1", "n1")]


def test_what_was_not_sent_is_withdrawn_and_may_be_sent_another_time(world: World) -> None:
    world.settle("p1", "n1")
    world.settle("p2", "n2")
    world.settle("p3", "n3")
    world.invite("p1", "n1")
    world.send_all()
    world.invite("p2", "n2")
    [tried] = world.outbox.lease(1, 30)
    world.outcomes.again(tried, "timeout", world.clock.now)
    world.invite("p3", "n3")
    world.emergencies.pause("flood", "Amal", "ops")

    assert 1 == world.invitations.take_back("flood")
    assert [] == world.outbox.lease(10, 30)
    assert 2 * COST == world.spent()
    assert [("p3", "n3")] == world.next_ones()
    counts = world.invitations.counts("flood")
    assert (2, 1, 0, 1) == (counts.invited, counts.reached, counts.waiting, counts.failed)


def test_a_message_that_is_being_sent_is_not_withdrawn(world: World) -> None:
    world.invite("p1", "n1")
    [row] = world.outbox.lease(1, 30)

    assert 0 == world.invitations.take_back("flood")
    world.outbox.sent(row.id, "SM")
    assert 1 == world.invitations.counts("flood").reached


def test_a_message_that_could_not_be_added_leaves_nobody_invited(world: World) -> None:
    def fails(_: Session) -> int:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        world.invitations.invite("flood", Invited("p1", "n1", "sms", "ary", COST), fails)

    assert 0 == world.spent()
    assert Verdict.INVITED is world.invite("p1", "n1")


def hand_in(world: World, person: str, number: str, programme: str = "flood") -> None:
    key = f"{person}-{programme}"
    given = HandedIn(key, key[:32], person, number, "application", programme, b"sealed")
    Applications(world.database, world.clock).hand_in(given)


def test_the_counts_say_how_far_the_invited_came(world: World) -> None:
    for n in range(5):
        world.invite(f"p{n}", f"n{n}")
    world.send_all()
    world.invite("late", "nx")
    world.invitations.answered("flood", "n1")
    world.invitations.answered("flood", "n1")
    world.invitations.answered("flood", "n2")
    hand_in(world, "p2", "another phone")
    hand_in(world, "p3", "n3")
    hand_in(world, "p4", "n4", "asd")
    hand_in(world, "stranger", "n99")
    counts = world.invitations.counts("flood")

    assert (6, 5, 1, 0) == (counts.invited, counts.reached, counts.waiting, counts.failed)
    assert (3, 2, 1) == (counts.answered, counts.applied, counts.applied_uninvited)


def test_counts_stay_when_the_outbox_forgets(world: World) -> None:
    world.invite("p1", "n1")
    world.send_all()
    world.invitations.settle("flood")

    assert 1 == world.invitations.counts("flood").reached


def test_who_was_invited_is_forgotten_and_the_totals_stay(world: World) -> None:
    world.invite("p1", "n1")
    world.send_all()

    assert 1 == world.invitations.forget("flood", '{"invited": 1}')
    assert 0 == world.invitations.counts("flood").invited
    found = world.emergencies.find("flood")
    assert found is not None and '{"invited": 1}' == found.totals


def test_processes_that_invite_at_once_invite_each_person_once_and_stay_within_the_budget(
    world: World, url: str
) -> None:
    world.approve(budget=8 * COST, rate_per_minute=6000)
    program = f"""
import sys
from datetime import datetime
from records.database import open_database
from records.invitations import Invitations, Invited, Verdict
from records.outbox import Outbox
database = open_database(sys.argv[1], wait_seconds=30)
clock = lambda: datetime.fromisoformat({NOW.isoformat()!r})
outbox = Outbox(database, clock)
invitations = Invitations(database, clock)
done = 0
for n in range(12):
    one = Invited(f"p{{n}}", f"n{{n}}", "sms", "fr", {COST})
    add = lambda session: outbox.add(one.number_key, "sms", b"sealed", session)
    done += invitations.invite("flood", one, add) is Verdict.INVITED
print(done)
"""

    printed = run_in_processes(4, program, url)

    assert 8 == sum(map(int, printed))
    assert 8 * COST == world.spent()
    assert 8 == world.invitations.counts("flood").invited
