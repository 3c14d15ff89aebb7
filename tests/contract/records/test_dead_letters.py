"""What staff see of the outbox, and what they can do, without reading a text or a number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from records.database import Database
from records.dead_letters import DeadLetters, Wanted
from records.outbox import NOTICE, Draft, Outbox
from records.outcomes import Outcomes
from tests.contract.records.conftest import HandClock


@pytest.fixture
def outbox(database: Database, clock: HandClock) -> Outbox:
    return Outbox(database, clock)


@pytest.fixture
def letters(database: Database, clock: HandClock) -> DeadLetters:
    return DeadLetters(database, clock)


def die(outbox: Outbox, database: Database, clock: HandClock, code: str, keep: bool = True) -> int:
    """A message that is given up."""
    outbox.put("a", "sms", [Draft(b"sealed", segments=2)])
    [row] = outbox.lease(1, 30)
    Outcomes(database, clock).give_up(row, code, keep)
    return row.id


def test_what_is_stuck_is_listed_by_state_age_and_code(
    database: Database, outbox: Outbox, letters: DeadLetters, clock: HandClock
) -> None:
    dead = die(outbox, database, clock, "30007")
    clock.move(hours=2)
    other = die(outbox, database, clock, "30008")
    [held] = outbox.put("b", "whatsapp", [Draft(b"sealed", purpose=NOTICE)], is_held=True)
    gone = outbox.add("c", "sms", b"sealed")
    outbox.sent(gone, "SM1")

    def listed(**wanted: object) -> list[int]:
        return [letter.id for letter in letters.stuck(Wanted(**wanted))]  # type: ignore[arg-type]

    assert [dead, other, held] == listed()
    assert [dead] == listed(older=timedelta(hours=1))
    assert [other] == listed(code="30008")
    assert [held] == listed(states=("held",))
    assert [held] == listed(channel="whatsapp")
    assert [gone] == listed(states=("sent",))
    assert [dead] == listed(limit=1)


def test_messages_are_counted_by_channel_state_and_code_with_their_segments(
    database: Database, outbox: Outbox, letters: DeadLetters, clock: HandClock
) -> None:
    for code in ("30007", "30007", "30008"):
        die(outbox, database, clock, code)

    counted = [(c.channel, c.state, c.code, c.count, c.segments) for c in letters.counts()]

    assert [("sms", "dead", "30007", 2, 4), ("sms", "dead", "30008", 1, 2)] == counted


def test_a_dead_message_can_be_sent_after_all_while_its_content_is_there(
    database: Database, outbox: Outbox, letters: DeadLetters, clock: HandClock
) -> None:
    kept = die(outbox, database, clock, "30007")
    emptied = die(outbox, database, clock, "21211", keep=False)

    assert 1 == letters.retry([kept, emptied])
    assert [kept] == [row.id for row in outbox.lease(10, 30)]


def test_a_dropped_message_loses_its_content_and_is_never_sent(
    database: Database, outbox: Outbox, letters: DeadLetters, clock: HandClock
) -> None:
    dead = die(outbox, database, clock, "30007")
    waiting = outbox.add("b", "sms", b"sealed")

    assert 2 == letters.drop([waiting, dead])
    assert [] == outbox.lease(10, 30)
    assert 0 == letters.retry([waiting, dead])
    found = letters.find(waiting)
    assert found is not None and ("dead", "dropped", False) == (
        found.state,
        found.code,
        found.has_content,
    )


def test_what_is_being_sent_is_left_alone(outbox: Outbox, letters: DeadLetters) -> None:
    message = outbox.add("b", "sms", b"sealed")
    outbox.lease(1, 30)

    assert (0, 0) == (letters.drop([message]), letters.retry([message]))


def test_no_message_of_that_number_is_none(letters: DeadLetters) -> None:
    assert letters.find(404) is None
