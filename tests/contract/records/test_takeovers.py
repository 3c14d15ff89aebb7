"""A request for a person belongs to one of the staff at a time, and its times are kept."""

from __future__ import annotations

import pytest

from records.database import Database
from records.handovers import CLAIMED, DONE, WAITING, Asked, Handover, Handovers
from records.replies import Replies, Reply
from records.takeovers import Takeover, Takeovers
from tests.builders import NOW
from tests.contract.records.conftest import HandClock, run_in_processes


@pytest.fixture
def takeovers(database: Database, clock: HandClock) -> Takeovers:
    """The requests in the database."""
    return Takeovers(database, clock)


@pytest.fixture
def request_(database: Database, clock: HandClock) -> Handover:
    """One that waits."""
    asked = Asked("n", "sms-n", "sms", "fr", "apply", "asd", b"sealed")
    return Handovers(database, clock).ask(asked)


def found(takeovers: Takeovers, handover: Handover) -> Takeover:
    """The request as it is now."""
    takeover = takeovers.find(handover.id)
    assert takeover is not None
    return takeover


def test_two_processes_that_take_one_request_at_once_do_not_both_get_it(
    database: Database, url: str
) -> None:
    handovers = Handovers(database)
    for n in range(20):
        handovers.ask(Asked("n", f"c{n}", "sms", "fr", "", "", b""))
    program = """
import os, sys
from records.database import open_database
from records.takeovers import Takeovers
takeovers = Takeovers(open_database(sys.argv[1], wait_seconds=20))
me = str(os.getpid())
taken = [one.handover.id for one in takeovers.open() if takeovers.claim(one.handover.id, me)]
print(me, *taken)
"""
    printed = [line.split() for line in run_in_processes(3, program, url)]

    taken = [(int(number), me) for me, *numbers in printed for number in numbers]
    assert 20 == len(taken) == len({number for number, _ in taken})
    owners = {one.handover.id: one.handover.claimed_by for one in Takeovers(database).open()}
    assert dict(taken) == owners


def test_only_whose_it_is_may_pass_it_on_put_it_back_or_settle_it(
    takeovers: Takeovers, request_: Handover
) -> None:
    number = request_.id
    assert takeovers.claim(number, "1")

    assert not takeovers.claim(number, "2")
    assert not takeovers.transfer(number, "2", "2")
    assert not takeovers.release(number, "2")
    assert not takeovers.answered(number, "2")
    assert not takeovers.hand_back(number, "2", "note")
    assert takeovers.transfer(number, "1", "2")
    assert not takeovers.release(number, "1")
    assert takeovers.release(number, "2")
    assert (WAITING, "") == (
        found(takeovers, request_).handover.state,
        found(takeovers, request_).handover.claimed_by,
    )


def test_a_supervisor_gives_a_request_to_whom_they_will(
    takeovers: Takeovers, request_: Handover
) -> None:
    takeovers.claim(request_.id, "1")

    assert takeovers.assign(request_.id, "2")
    assert not takeovers.hand_back(request_.id, "1", "note")
    assert takeovers.hand_back(request_.id, "2", "note")
    assert not takeovers.assign(request_.id, "1")


def test_the_first_answer_and_the_end_have_their_times_and_the_number_is_gone(
    takeovers: Takeovers, request_: Handover, clock: HandClock
) -> None:
    taken = clock.move(minutes=3)
    takeovers.claim(request_.id, "1")
    answered = clock.move(minutes=2)
    takeovers.answered(request_.id, "1")
    clock.move(minutes=5)
    takeovers.answered(request_.id, "1")
    settled = clock.move(minutes=1)
    assert takeovers.hand_back(request_.id, "1", "Paiement expliqué")

    takeover = found(takeovers, request_)
    assert NOW == takeover.handover.created
    assert (taken, answered, settled) == (
        takeover.claimed,
        takeover.answered,
        takeover.handover.settled,
    )
    assert (DONE, b"", "Paiement expliqué") == (
        takeover.handover.state,
        takeover.handover.asked.sealed,
        takeover.note,
    )
    assert [takeover] == takeovers.settled()


def test_a_rating_is_kept_once_and_of_what_is_settled(
    takeovers: Takeovers, request_: Handover
) -> None:
    takeovers.claim(request_.id, "1")
    assert not takeovers.rate(request_.id, "1")
    takeovers.hand_back(request_.id, "1", "note")

    assert takeovers.rate(request_.id, "2")
    assert not takeovers.rate(request_.id, "3")
    assert "2" == found(takeovers, request_).rating


def test_those_who_wait_come_first_in_their_order(database: Database, takeovers: Takeovers) -> None:
    handovers = Handovers(database)
    ids = [handovers.ask(Asked("n", f"c{n}", "sms", "fr", "", "", b"")).id for n in range(4)]
    takeovers.claim(ids[0], "1")

    states = [(one.handover.id, one.handover.state) for one in takeovers.open()]
    assert [*((one, WAITING) for one in ids[1:]), (ids[0], CLAIMED)] == states
    assert takeovers.find(10**6) is None


def test_a_reply_is_kept_by_name_and_language_and_its_blanks_are_filled(
    database: Database,
) -> None:
    replies = Replies(database)
    replies.save("fr", "merci", "Merci.")
    replies.save("fr", "merci", "Bonjour {nom}, {nom} : voir {bureau}. {x")
    replies.save("ar", "merci", "شكرا {الاسم}")

    (french,) = replies.all("fr")
    assert ["nom", "bureau"] == french.blanks
    assert "Bonjour Fatima, Fatima : voir {bureau}. {x" == french.filled({"nom": "Fatima"})
    assert ["الاسم"] == replies.all("ar")[0].blanks
    replies.drop(french.id)
    assert ["ar"] == [one.language for one in replies.all()]


def test_what_fills_a_blank_is_no_blank_itself() -> None:
    assert "{b} x" == Reply(1, "fr", "n", "{a} {b}").filled({"a": "{b}", "b": "x"})
