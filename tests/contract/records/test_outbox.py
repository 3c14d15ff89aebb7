"""The outbox: in order for each recipient, to one worker at a time, and never again once sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from records.database import Database
from records.outbox import Outbox
from records.outcomes import Outcomes
from records.tables import OutboxMessage
from tests.builders import NOW
from tests.contract.records.conftest import HandClock, run_in_processes


@pytest.fixture
def outbox(database: Database, clock: HandClock) -> Outbox:
    return Outbox(database, clock)


@pytest.fixture
def outcomes(database: Database, clock: HandClock) -> Outcomes:
    return Outcomes(database, clock)


def leased(outbox: Outbox, limit: int = 10, seconds: float = 30) -> list[bytes]:
    return [row.sealed for row in outbox.lease(limit, seconds)]


def test_a_leased_message_is_what_was_added(outbox: Outbox) -> None:
    message = outbox.add("a", "sms", b"\x00\xff")

    row = outbox.lease(1, 30)[0]

    assert (message, "a", 1) == (row.id, row.recipient_key, row.sequence)
    assert ("sms", b"\x00\xff", 1, NOW) == (row.channel, row.sealed, row.attempts, row.created)


def test_a_recipient_gets_one_message_at_a_time_in_the_order_of_adding(outbox: Outbox) -> None:
    for text in (b"a1", b"a2", b"a3"):
        outbox.add("a", "sms", text)
    order = []
    while rows := outbox.lease(10, 30):
        order.append([row.sealed for row in rows])
        outbox.sent(rows[0].id, "provider-1")

    assert [[b"a1"], [b"a2"], [b"a3"]] == order


def test_a_message_to_be_tried_again_holds_back_its_recipient_and_nobody_else(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    outbox.add("a", "sms", b"a1")
    outbox.add("a", "sms", b"a2")
    [failing] = outbox.lease(10, 30)
    outcomes.again(failing, "30008", clock.now.replace(hour=10))
    outbox.add("b", "sms", b"b1")
    outbox.add("a", "whatsapp", b"another line")
    meanwhile = leased(outbox)
    clock.move(hours=1)
    at_last = leased(outbox)
    outbox.sent(failing.id, "provider-1")
    afterwards = leased(outbox)

    assert [b"b1", b"another line"] == meanwhile
    assert b"a1" in at_last and b"a2" not in at_last
    assert b"a2" in afterwards


def test_a_message_given_up_lets_the_next_one_through(outbox: Outbox, outcomes: Outcomes) -> None:
    outbox.add("a", "sms", b"a1")
    outbox.add("a", "sms", b"a2")
    [refused] = outbox.lease(1, 30)
    outcomes.give_up(refused, "21610")

    assert 1 == outbox.waiting("a")
    assert [b"a2"] == leased(outbox)


def test_a_lease_that_runs_out_is_given_again(outbox: Outbox, clock: HandClock) -> None:
    outbox.add("a", "sms", b"a1")
    first = outbox.lease(1, 30)
    clock.move(seconds=29)
    too_early = outbox.lease(1, 30)
    clock.move(seconds=1)
    second = outbox.lease(1, 30)

    assert [1] == [row.attempts for row in first]
    assert [] == too_early
    assert [2] == [row.attempts for row in second]


def test_a_late_failure_does_not_disturb_the_lease_that_followed(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    outbox.add("a", "sms", b"a1")
    late = outbox.lease(1, 30)[0]
    clock.move(seconds=30)
    outbox.lease(1, 30)

    assert not outcomes.again(late, "timeout", clock.now)
    assert [] == leased(outbox)


def test_a_try_whose_end_is_not_known_is_known_to_the_next_one(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    outbox.add("a", "sms", b"a1")
    begun = clock.now
    [first] = outbox.lease(1, 30)
    clock.move(seconds=30)
    [second] = outbox.lease(1, 30)
    outcomes.again(second, "timeout", clock.now, is_unsure=True)
    [third] = outbox.lease(1, 30)
    outcomes.again(third, "20503", clock.now)
    [fourth] = outbox.lease(1, 30)

    assert [None, begun, begun, None] == [r.unsure_since for r in (first, second, third, fourth)]


def test_channels_left_out_are_not_leased(outbox: Outbox) -> None:
    outbox.add("a", "sms", b"a1")
    outbox.add("b", "whatsapp", b"b1")

    assert [b"b1"] == [row.sealed for row in outbox.lease(10, 30, without={"sms"})]
    assert [b"a1"] == leased(outbox)


def test_nothing_is_leased_twice_once_sent(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    message = outbox.add("a", "sms", b"a1")
    [row] = outbox.lease(1, 30)
    outbox.sent(message, "provider-1")
    outcomes.again(row, "late", clock.now)
    clock.move(days=1)

    assert [] == leased(outbox)
    assert 0 == outbox.waiting("a")


def test_what_was_sent_keeps_its_content_until_it_arrived(
    database: Database, outbox: Outbox, outcomes: Outcomes
) -> None:
    message = outbox.add("a", "sms", b"a1")
    outbox.sent(message, "provider-1")
    with database.reading() as session:
        before = session.scalars(sa.select(OutboxMessage)).one().sealed
    outcomes.reported("sms", message, "provider-1", "delivered")

    assert b"a1" == before
    with database.reading() as session:
        row = session.scalars(sa.select(OutboxMessage)).one()

        assert ("done", "provider-1", b"", NOW) == (
            row.state,
            row.provider_id,
            row.sealed,
            row.settled,
        )


def test_what_nobody_will_send_keeps_its_trace_and_loses_its_content(
    database: Database, outbox: Outbox, outcomes: Outcomes
) -> None:
    outbox.add("a", "sms", b"a1")
    [row] = outbox.lease(1, 30)
    outcomes.give_up(row, "21610")

    with database.reading() as session:
        kept = session.execute(
            sa.select(OutboxMessage.state, OutboxMessage.last_error, OutboxMessage.sealed)
        ).one()

    assert ("dead", "21610", b"") == tuple(kept)


def test_leased_messages_still_wait(outbox: Outbox) -> None:
    outbox.add("a", "sms", b"a1")
    outbox.add("a", "sms", b"a2")
    outbox.add("b", "sms", b"b1")
    outbox.lease(1, 30)

    assert 2 == outbox.waiting("a")


def test_a_lease_takes_no_more_than_asked_for_those_due_longest_first(
    outbox: Outbox, clock: HandClock
) -> None:
    for recipient in ("c", "b", "a"):
        outbox.add(recipient, "sms", recipient.encode())
        clock.move(seconds=1)

    assert [b"c", b"b"] == leased(outbox, limit=2)


def test_a_message_of_a_transaction_that_fails_does_not_exist(
    database: Database, outbox: Outbox
) -> None:
    with pytest.raises(LookupError), database.session() as session:
        outbox.add("a", "sms", b"a1", within=session)
        raise LookupError

    assert 0 == outbox.waiting("a")


def test_messages_added_at_once_to_one_recipient_stand_in_one_line(outbox: Outbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: outbox.add("a", "sms", b"%d" % n), range(24)))
    order = []
    while rows := outbox.lease(1, 30):
        order.append(rows[0].sequence)
        outbox.sent(rows[0].id, "")

    assert list(range(1, 25)) == order


def test_threads_that_lease_at_once_never_share_a_message(outbox: Outbox) -> None:
    for n in range(24):
        outbox.add(f"recipient-{n}", "sms", b"%d" % n)
    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(lambda _: leased(outbox, limit=3), range(16)))

    taken = [sealed for share in shares for sealed in share]

    assert len(taken) == len(set(taken))
    assert {b"%d" % n for n in range(24)} == {*taken, *leased(outbox, limit=24)}


def test_processes_that_drain_at_once_send_each_message_once_and_in_order(
    outbox: Outbox, url: str
) -> None:
    for n in range(40):
        outbox.add(f"recipient-{n % 5}", "sms", b"%d" % n)
    program = """
import sys, time
from records.database import open_database
from records.outbox import Outbox
outbox = Outbox(open_database(sys.argv[1]))
while any(outbox.waiting(f"recipient-{n}") for n in range(5)):
    for row in outbox.lease(2, 60):
        print(time.time_ns(), row.recipient_key, row.sealed.decode())
        outbox.sent(row.id, "")
"""

    lines = sorted(
        line.split() for text in run_in_processes(2, program, url) for line in text.splitlines()
    )
    sent = {
        f"recipient-{n}": [int(text) for _, to, text in lines if to[-1] == str(n)] for n in range(5)
    }

    assert {f"recipient-{n}": list(range(n, 40, 5)) for n in range(5)} == sent
