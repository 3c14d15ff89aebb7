"""What becomes of a message: once said it is known, in whatever order it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from records.database import Database
from records.message_tables import OutboxMessage
from records.outbox import Draft, Outbox
from records.outcomes import Noted, Outcomes
from tests.contract.records.conftest import HandClock


@pytest.fixture
def outbox(database: Database, clock: HandClock) -> Outbox:
    return Outbox(database, clock)


@pytest.fixture
def outcomes(database: Database, clock: HandClock) -> Outcomes:
    return Outcomes(database, clock)


def row(database: Database, message: int) -> tuple[str, str, str, bytes]:
    with database.reading() as session:
        found = session.get_one(OutboxMessage, message)
        return found.state, found.status, found.provider_id, found.sealed


def sent(outbox: Outbox, name: str = "SM1") -> int:
    message = outbox.add("a", "sms", b"a1")
    outbox.lease(1, 30)
    outbox.sent(message, name)
    return message


def answered(outbox: Outbox, clock: HandClock, *texts: bytes) -> tuple[int, ...]:
    drafts = [Draft(text, cause=text.decode()) for text in texts]
    confirm_by = clock.now + timedelta(seconds=20)
    return outbox.answer("a", "sms", drafts, confirm_by).at_once


def test_an_answer_is_said_at_once_where_nothing_waits(outbox: Outbox, clock: HandClock) -> None:
    kept = outbox.answer("a", "sms", [Draft(b"1"), Draft(b"2")], clock.now)

    assert 2 == len(kept.at_once)
    assert 0 == kept.waiting
    assert [] == outbox.lease(10, 30)


def test_an_answer_waits_behind_what_waits_and_behind_what_nobody_confirmed(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    [first] = answered(outbox, clock, b"1")
    behind = outbox.answer("a", "sms", [Draft(b"2", cause="2")], clock.now)
    before = outbox.lease(10, 30)
    noted = outcomes.reported("sms", first, "SM1", "sent")
    after = outbox.lease(10, 30)

    assert noted.frees_another
    assert ((), 1) == (behind.at_once, behind.waiting)
    assert [] == before
    assert [b"2"] == [one.sealed for one in after]


def test_what_is_known_to_have_gone_holds_back_no_answer(outbox: Outbox, clock: HandClock) -> None:
    [first] = answered(outbox, clock, b"1")
    open_ones = outbox.unconfirmed("a", "sms")
    kept = outbox.answer("a", "sms", [Draft(b"2")], clock.now, confirmed=[first])

    assert [first] == open_ones
    assert 1 == len(kept.at_once)


def test_a_message_of_another_channel_holds_back_no_answer(
    outbox: Outbox, clock: HandClock
) -> None:
    outbox.add("a", "whatsapp", b"waits")

    assert 1 == len(answered(outbox, clock, b"1"))


def test_one_cause_is_answered_once(outbox: Outbox, clock: HandClock) -> None:
    first, again = answered(outbox, clock, b"1"), answered(outbox, clock, b"1")
    added = [outbox.put("a", "sms", [Draft(b"x", cause="late")]) for _ in range(2)]

    assert (1, 0) == (len(first), len(again))
    assert [1, 0] == [len(ids) for ids in added]
    assert 2 == outbox.waiting("a")


@pytest.mark.parametrize("status", ["delivered", "read"])
def test_a_message_that_arrived_is_done_and_its_content_gone(
    database: Database, outbox: Outbox, outcomes: Outcomes, status: str
) -> None:
    message = sent(outbox)
    outcomes.reported("sms", None, "SM1", status)

    assert ("done", status, "SM1", b"") == row(database, message)


def test_reports_in_another_order_and_doubled_change_nothing_more(
    database: Database, outbox: Outbox, outcomes: Outcomes
) -> None:
    message = sent(outbox)
    told = [
        outcomes.reported("sms", message, "SM1", status)
        for status in ("sent", "read", "queued", "delivered", "read", "undelivered", "sent")
    ]

    assert [Noted(), Noted(reached="a"), *[Noted()] * 5] == told

    assert ("done", "read", "SM1", b"") == row(database, message)


def test_a_failure_is_told_once(database: Database, outbox: Outbox, outcomes: Outcomes) -> None:
    message = sent(outbox)
    told = [outcomes.reported("sms", message, "SM1", "undelivered", "30003") for _ in range(2)]
    failed = told[0].failed

    assert failed is not None
    assert ("30003", "undelivered") == (failed.last_error, failed.status)
    assert Noted() == told[1]
    assert ("sent", "undelivered", "SM1", b"a1") == row(database, message)


@pytest.mark.parametrize(("told", "looked_at"), [("failed", True), ("sent", False)])
def test_a_report_that_comes_before_its_sender_knows_is_not_forgotten(
    outbox: Outbox,
    outcomes: Outcomes,
    clock: HandClock,
    database: Database,
    told: str,
    looked_at: bool,
) -> None:
    message = outbox.add("a", "sms", b"a1")
    outbox.lease(1, 30)
    outcomes.reported("sms", message, "SM1", told, "63024" if looked_at else "")
    outbox.sent(message, "SM1", clock.now + timedelta(minutes=10))
    found = outcomes.look(10)

    assert ("sent", told, "SM1", b"a1") == row(database, message)
    assert [("failed", "63024")] * looked_at == [(one.status, one.last_error) for one in found]


def test_a_late_word_of_one_try_does_not_settle_the_next_one(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock, database: Database
) -> None:
    message = outbox.add("a", "sms", b"a1")
    [first] = outbox.lease(1, 30)
    # All of it told and treated before whoever sent it comes to say that it went.
    outcomes.reported("sms", message, "SM1", "sent")
    failed = outcomes.reported("sms", message, "SM1", "undelivered", "30003").failed
    assert failed is not None
    outcomes.again(failed, "30003", clock.now)
    [second] = outbox.lease(1, 30)
    outbox.sent(message, "SM1", attempts=first.attempts)
    between = row(database, message)
    outbox.sent(message, "SM2", attempts=second.attempts)

    assert "queued" == between[0]
    assert ("sent", "", "SM2", b"a1") == row(database, message)
    assert [] == outbox.lease(1, 30)


def test_late_reports_of_a_failed_try_do_not_settle_the_next_one(
    database: Database, outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    message = sent(outbox)
    failed = outcomes.reported("sms", message, "SM1", "undelivered", "30003").failed
    assert failed is not None
    outcomes.again(failed, "30003", clock.now, is_refusal=True)
    outcomes.reported("sms", message, "SM1", "sent")
    between = row(database, message)[0]
    outbox.lease(1, 30)
    outbox.sent(message, "SM2")
    outcomes.reported("sms", message, "SM1", "failed", "30008")
    after = row(database, message)

    assert "queued" == between
    assert ("sent", "", "SM2", b"a1") == after


def test_a_message_that_arrived_after_all_is_not_sent_again(
    database: Database, outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    message = sent(outbox)
    failed = outcomes.reported("sms", message, "SM1", "undelivered", "30003").failed
    assert failed is not None
    outcomes.again(failed, "30003", clock.now)
    outcomes.reported("sms", message, "SM1", "delivered")

    assert "done" == row(database, message)[0]
    assert [] == outbox.lease(1, 30)


def test_a_report_tells_of_a_try_whose_answer_was_lost(
    database: Database, outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    message = outbox.add("a", "sms", b"a1")
    outbox.lease(1, 30)
    outcomes.reported("sms", message, "SM9", "queued")
    clock.move(seconds=31)

    assert ("sent", "queued", "SM9", b"a1") == row(database, message)
    assert [] == outbox.lease(1, 30)


def test_a_report_of_another_channel_or_of_nothing_known_changes_nothing(
    database: Database, outbox: Outbox, outcomes: Outcomes
) -> None:
    message = sent(outbox)
    outcomes.reported("whatsapp", message, "SM1", "delivered")
    outcomes.reported("sms", message + 99, "SM1", "delivered")
    outcomes.reported("sms", None, "SM77", "delivered")
    outcomes.reported("sms", message, "SM1", "received")

    assert ("sent", "", "SM1", b"a1") == row(database, message)


def test_what_is_held_goes_before_the_answer_to_what_the_citizen_writes(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    outbox.put("a", "sms", [Draft(b"notice")], is_held=True)
    outbox.put("b", "sms", [Draft(b"another's")], is_held=True)
    before = outbox.lease(10, 30)
    kept = outbox.answer("a", "sms", [Draft(b"answer", cause="1")], clock.now)
    order = []
    while rows := outbox.lease(10, 30):
        order += [one.sealed for one in rows]
        outbox.sent(rows[0].id, "SM")

    assert [] == before
    assert ((), 2) == (kept.at_once, kept.waiting)
    assert [b"notice", b"answer"] == order


def test_what_is_held_keeps_back_nothing(outbox: Outbox, clock: HandClock) -> None:
    outbox.put("a", "sms", [Draft(b"held")], is_held=True)
    outbox.add("a", "sms", b"goes")

    assert [b"goes"] == [one.sealed for one in outbox.lease(10, 30)]


def test_what_is_due_is_looked_up_by_one_at_a_time(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    [message] = answered(outbox, clock, b"1")
    early = outcomes.look(10)
    clock.move(seconds=20)
    due, meanwhile = outcomes.look(10), outcomes.look(10)
    outcomes.look_later(due[0], clock.now + timedelta(hours=1))
    clock.move(minutes=59)
    still_early = outcomes.look(10)
    clock.move(minutes=1)

    assert ([], [message], []) == (early, [one.id for one in due], meanwhile)
    assert ([], [message]) == (still_early, [one.id for one in outcomes.look(10)])


def test_an_answer_that_was_not_found_is_sent(
    outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    answered(outbox, clock, b"1")
    clock.move(seconds=20)
    [due] = outcomes.look(1)
    outcomes.again(due, "unconfirmed", clock.now)

    assert [b"1"] == [one.sealed for one in outbox.lease(10, 30)]


def test_names_that_other_messages_have_are_known(outbox: Outbox, outcomes: Outcomes) -> None:
    sent(outbox, "SM1")

    assert {"SM1"} == outcomes.known_names("a", ["SM1", "SM2"])
    assert set() == outcomes.known_names("b", ["SM1"])


def test_what_waited_or_lay_dead_too_long_is_forgotten(
    database: Database, outbox: Outbox, outcomes: Outcomes, clock: HandClock
) -> None:
    [held] = outbox.put("a", "sms", [Draft(b"held")], is_held=True)
    dead = outbox.add("b", "sms", b"dead")
    [leased] = outbox.lease(1, 30)
    outcomes.give_up(leased, "30007", keep=True)
    kept = row(database, dead)[3]
    clock.move(days=8)
    forgotten = outcomes.forget(held_days=7, dead_days=7, trace_days=90)
    middle = [row(database, one)[::3] for one in (held, dead)]
    clock.move(days=91)
    outcomes.forget(held_days=7, dead_days=7, trace_days=90)

    assert b"dead" == kept
    assert 2 == forgotten
    assert [("dead", b"")] * 2 == middle
    with database.reading() as session:
        assert 0 == session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
