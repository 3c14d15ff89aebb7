"""Who may be invited to an emergency, on which number, and why others may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from records.database import Database
from records.followers import Detail
from records.invitations import Verdict
from records.reachable import Scope
from tests.builders import NOW
from tests.contract.records.conftest import HandClock
from tests.contract.records.flooded import COST, World


@pytest.fixture
def world(database: Database, clock: HandClock) -> World:
    return World(database, clock)


def test_who_lives_there_may_be_invited_and_nobody_else(world: World) -> None:
    world.settle("p1", "n1")
    world.settle("p2", "n2", "MA-09", "agadir")
    world.settle("p3", "n3", "MA-08", "tiznit")
    world.settle("p4", "n4", "", "")

    assert [("p1", "n1"), ("p2", "n2")] == world.next_ones()
    assert [("p1", "n1")] == world.next_ones(Scope((), (("MA-09", "tiznit"),)))
    assert [("p2", "n2"), ("p3", "n3")] == world.next_ones(
        Scope(("MA-08",), (("MA-09", "agadir"),))
    )
    assert [("p2", "n2")] == world.next_ones(after="p1")
    assert [] == world.next_ones(Scope((), ()))
    assert 1 == world.reachable.homeless()


def test_each_reason_why_somebody_is_not_invited_is_told(world: World) -> None:
    world.settle("old", "n6")
    world.clock.move(days=200)
    for person, number in [("a", "n1"), ("b", "n2"), ("c", "n3"), ("d", "n4")]:
        world.settle(person, number)
    world.numbers.opt_out("n1")
    world.consents.withdraw("n2")
    world.followers.agree("e", "n5", Detail.SHORT, "sub")
    world.followers.lives("e", "MA-09", "tiznit")
    world.clock.now = NOW + timedelta(days=1)
    world.invite("c", "n3")
    world.clock.move(days=199)

    assert {
        ("a", "n1"): "opted_out",
        ("b", "n2"): "no_consent",
        ("c", "n3"): "invited",
        ("d", "n4"): "",
        ("e", "n5"): "no_consent",
        ("old", "n6"): "silent",
    } == world.obstacles()
    assert [("d", "n4")] == world.next_ones()


def test_a_person_with_two_numbers_is_invited_on_the_one_used_last_that_may_be_written_to(
    world: World,
) -> None:
    world.settle("p", "n1")
    world.clock.move(hours=1)
    world.settle("p", "n2")
    last = world.next_ones()
    world.numbers.opt_out("n2")

    assert [("p", "n2")] == last
    assert [("p", "n1")] == world.next_ones()


def test_neither_a_person_nor_a_number_is_invited_twice(world: World) -> None:
    world.settle("p1", "n1")
    world.settle("p2", "n1")
    world.settle("p1", "n2")

    assert Verdict.INVITED is world.invite("p1", "n1")
    assert [Verdict.KNOWN] * 3 == [
        world.invite("p1", "n1"),
        world.invite("p1", "n2"),
        world.invite("p2", "n1"),
    ]
    assert [] == world.next_ones()
    assert COST == world.spent()


def test_a_changed_file_approved_again_invites_nobody_twice(world: World) -> None:
    world.settle("p1", "n1")
    world.invite("p1", "n1")
    world.approve(budget=5000)

    assert [] == world.next_ones()
    assert Verdict.KNOWN is world.invite("p1", "n1")


def test_a_home_is_noted_on_every_number_and_grows_old(world: World) -> None:
    world.followers.agree("p", "n1", Detail.SHORT, "sub")
    unknown = world.followers.is_home_old("p", NOW)
    world.followers.lives("p", "MA-09", "tiznit")
    known = world.followers.is_home_old("p", NOW)
    world.followers.agree("p", "n2", Detail.SHORT, "sub")

    assert (True, False) == (unknown, known)
    assert world.followers.is_home_old("p", NOW)
    world.followers.lives("p", "MA-09", "tiznit")
    assert world.followers.is_home_old("p", NOW + timedelta(days=1))
    assert not world.followers.is_home_old("nobody", NOW)
