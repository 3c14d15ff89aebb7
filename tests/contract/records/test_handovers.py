"""Who waits for a person keeps a place, is claimed once, and leaves no number behind."""

from __future__ import annotations

from typing import Any

import pytest

from records.database import Database
from records.handovers import CANCELLED, CLAIMED, DONE, WAITING, Asked, Handovers
from tests.contract.records.conftest import HandClock, run_in_processes


@pytest.fixture
def handovers(database: Database, clock: HandClock) -> Handovers:
    return Handovers(database, clock)


def asked(conversation: str, **changes: Any) -> Asked:
    """A request for a person in a conversation."""
    fields: dict[str, Any] = {
        "number_key": "n" + conversation,
        "conversation": conversation,
        "channel": "ussd",
        "language": "fr",
        "reason": "track_benefit",
        "programme": "asd",
        "sealed": b"sealed",
    }
    return Asked(**(fields | changes))


def test_a_request_is_kept_as_it_was_asked(handovers: Handovers, clock: HandClock) -> None:
    kept = handovers.ask(asked("a"))

    assert (asked("a"), WAITING, clock.now) == (kept.asked, kept.state, kept.created)
    assert kept == handovers.open_of("a")


def test_asking_twice_keeps_one_place(handovers: Handovers) -> None:
    first = handovers.ask(asked("a"))

    assert first == handovers.ask(asked("a", reason="help"))
    assert [first] == handovers.waiting(10)


def test_the_queue_is_in_the_order_of_asking(handovers: Handovers) -> None:
    first, second, third = (handovers.ask(asked(name)) for name in "abc")
    handovers.cancel("a")

    assert [0, 0, 1] == [handovers.ahead(one) for one in (first, second, third)]
    assert [second, third] == handovers.waiting(10)


def test_a_request_is_claimed_by_one_of_the_staff_and_settled_without_its_number(
    handovers: Handovers,
) -> None:
    request = handovers.ask(asked("a"))

    assert handovers.claim(request.id, "fatima")
    assert not handovers.claim(request.id, "hassan")
    claimed = handovers.open_of("a")
    assert claimed is not None
    assert (CLAIMED, "fatima") == (claimed.state, claimed.claimed_by)
    assert handovers.done(request.id)
    assert not handovers.done(request.id)
    (settled,) = handovers.of("na")
    assert (DONE, b"") == (settled.state, settled.asked.sealed)
    assert handovers.open_of("a") is None


def test_a_request_taken_back_is_open_no_more_and_may_be_made_again(handovers: Handovers) -> None:
    handovers.ask(asked("a"))

    assert handovers.cancel("a")
    assert not handovers.cancel("a")
    again = handovers.ask(asked("a"))
    assert [CANCELLED, WAITING] == [one.state for one in handovers.of("na")]
    assert again == handovers.open_of("a")


def test_processes_that_ask_at_once_for_one_conversation_make_one_request(
    database: Database, url: str
) -> None:
    program = """
import sys
from records.database import open_database
from records.handovers import Asked, Handovers
handovers = Handovers(open_database(sys.argv[1], wait_seconds=20))
for n in range(10):
    handovers.ask(Asked("n", f"c{n}", "sms", "fr", "", "", b""))
"""
    run_in_processes(3, program, url)

    assert 10 == len(Handovers(database).waiting(100))
