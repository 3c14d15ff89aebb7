"""Counts of the records, by the hour they began in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from records.applications import Applications, HandedIn
from records.counts import Count, Counts, band, fate
from records.database import Database
from records.handovers import Asked, Handovers
from records.outbox import Draft, Outbox
from records.submissions import Submissions
from records.tables import OutboxMessage
from records.takeovers import Takeovers
from tests.builders import NOW
from tests.contract.records.conftest import HandClock

HOUR = NOW.replace(minute=0, second=0, microsecond=0)
EVER = NOW - timedelta(days=400)


def test_applications_are_counted_by_where_they_came_from(
    database: Database, clock: HandClock
) -> None:
    for key, kind in (("1", "application"), ("2", "application"), ("3", "complaint")):
        given = HandedIn(key, key, f"p{key}", "n", kind, "asd", b"x", "zgh")
        Applications(database, clock).hand_in(given)
    submissions = Submissions(database, clock)
    [first, *_] = submissions.lease(1, 60)
    with database.session() as session:
        submissions.sent(first.id, "R-1", session)
    submissions.lives(first.id, "MA-05", "rural")

    found = list(Counts(database).applications(EVER))

    assert sorted(
        [
            Count(HOUR, "", "zgh", "queued", ",", 1),
            Count(HOUR, "", "zgh", "sent", "MA-05,rural", 1),
        ],
        key=str,
    ) == sorted(found, key=str)
    assert [] == list(Counts(database).applications(NOW + timedelta(hours=1)))


def test_waiting_times_are_counted_from_the_request(database: Database, clock: HandClock) -> None:
    handover = Handovers(database, clock).ask(Asked("n", "sms-n", "sms", "fr", "", "", b"x"))
    takeovers = Takeovers(database, clock)
    takeovers.claim(handover.id, "1")
    clock.move(minutes=7)
    takeovers.answered(handover.id, "1")
    clock.move(minutes=53)
    takeovers.hand_back(handover.id, "1", "done")
    takeovers.rate(handover.id, "1")

    found = {(one.name, one.detail): one.amount for one in Counts(database).handovers(EVER)}

    assert {("state", "done"): 0, ("answered", "15m"): 420, ("settled", "1h"): 3600} == found
    assert [Count(HOUR, "sms", "fr", "1", "", 1)] == list(Counts(database).ratings(EVER))


def test_messages_are_counted_by_their_fate_and_code(database: Database, clock: HandClock) -> None:
    Outbox(database, clock).put("r", "sms", [Draft(b"1"), Draft(b"2")])
    failed = sa.update(OutboxMessage).where(OutboxMessage.sequence == 1)
    with database.session() as session:
        session.execute(failed.values(state="done", status="undelivered", last_error="30005"))

    found = sorted(Counts(database).deliveries(EVER), key=str)

    assert [
        Count(HOUR, "sms", "", "failed", "30005", 1),
        Count(HOUR, "sms", "", "waiting", "", 1),
    ] == found


@pytest.mark.parametrize(
    ("state", "status", "expected"),
    [
        ("done", "read", "arrived"),
        ("sent", "", "sent"),
        ("answered", "", "sent"),
        ("held", "", "waiting"),
        ("dead", "", "dead"),
        ("dead", "failed", "failed"),
    ],
)
def test_the_word_of_the_provider_decides_what_became_of_a_message(
    state: str, status: str, expected: str
) -> None:
    assert expected == fate(state, status)


def test_a_wait_falls_into_the_first_band_it_does_not_exceed() -> None:
    assert "5m" == band(timedelta(minutes=5))
    assert "15m" == band(timedelta(minutes=5, seconds=1))
    assert "longer" == band(timedelta(days=3))
