"""What was handed in, on its way: one worker at a time, each person's in order, settled once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from records.applications import Applications, HandedIn, Submission
from records.database import Database
from records.submissions import REFUSED, SENT, STUCK, Submissions
from records.tables import SubmissionRow
from tests.builders import NOW
from tests.contract.records.conftest import HandClock, run_in_processes


@pytest.fixture
def submissions(database: Database, clock: HandClock) -> Submissions:
    return Submissions(database, clock)


@pytest.fixture
def applications(database: Database, clock: HandClock) -> Applications:
    return Applications(database, clock)


def give(applications: Applications, reference: str, person: str = "p") -> str:
    return applications.hand_in(
        HandedIn(f"key-{reference}", reference, person, "n", "application", "asd", b"sealed")
    )


def leased(submissions: Submissions, limit: int = 10) -> list[str]:
    return [one.reference for one in submissions.lease(limit, 30)]


def settle(database: Database, submissions: Submissions, number: int, theirs: str) -> bool:
    with database.session() as session:
        return submissions.sent(number, theirs, session)


def sealed(database: Database) -> list[bytes]:
    with database.reading() as session:
        return list(session.scalars(sa.select(SubmissionRow.sealed)))


def test_what_was_handed_in_is_leased_as_it_was_given(
    submissions: Submissions, applications: Applications
) -> None:
    give(applications, "1")

    [one] = submissions.lease(10, 30)

    assert ("key-1", "1", "n", "application") == (
        one.idempotency_key,
        one.reference,
        one.number_key,
        one.kind,
    )
    assert ("asd", b"sealed", 1, NOW) == (one.programme, one.sealed, one.attempts, one.created)


def test_a_lease_is_given_to_nobody_else_until_it_is_over(
    submissions: Submissions, applications: Applications, clock: HandClock
) -> None:
    give(applications, "1")
    first, during = leased(submissions), leased(submissions)
    clock.move(seconds=30)

    assert (["1"], [], ["1"]) == (first, during, leased(submissions))


def test_each_person_has_one_on_its_way_in_order_and_nobodys_hold_up_nothing(
    database: Database, submissions: Submissions, applications: Applications, clock: HandClock
) -> None:
    for reference, person in (("1", "p"), ("2", "p"), ("3", "q"), ("4", ""), ("5", "")):
        give(applications, reference, person)
    first = submissions.lease(10, 30)
    settle(database, submissions, first[0].id, "1")

    assert ["1", "3", "4", "5"] == [one.reference for one in first]
    assert ["2"] == leased(submissions)


def test_what_failed_waits_for_its_time(
    submissions: Submissions, applications: Applications, clock: HandClock
) -> None:
    give(applications, "1")
    [one] = submissions.lease(1, 30)
    submissions.failed(one, "RegistryTimeout", NOW + timedelta(seconds=60))
    clock.move(seconds=59)
    early = leased(submissions)
    clock.move(seconds=1)

    assert ([], ["1"]) == (early, leased(submissions))


def test_a_late_word_of_a_lease_that_ran_out_changes_nothing(
    submissions: Submissions, applications: Applications, clock: HandClock
) -> None:
    give(applications, "1")
    [late] = submissions.lease(1, 30)
    clock.move(seconds=30)
    submissions.lease(1, 30)
    submissions.failed(late, "late", NOW)

    assert [] == leased(submissions)


def test_what_is_stuck_keeps_its_content_and_holds_back_nothing(
    database: Database, submissions: Submissions, applications: Applications
) -> None:
    give(applications, "1")
    give(applications, "2")
    [one] = submissions.lease(10, 30)
    submissions.failed(one, "http.418", None, is_own=True)
    [stuck] = submissions.standing(STUCK)

    assert ("1", "http.418", 1) == (stuck.reference, stuck.last_error, stuck.attempts)
    assert [b"sealed", b"sealed"] == sealed(database)
    assert {"queued": 1, STUCK: 1} == submissions.count()
    assert ["2", "1"] == [each.reference for each in submissions.waiting_of("p")]
    assert ["2"] == leased(submissions)


@pytest.mark.parametrize("named", ["1", ""])
def test_what_is_stuck_is_tried_again_where_an_operator_says_so(
    submissions: Submissions, applications: Applications, named: str
) -> None:
    give(applications, "1")
    [one] = submissions.lease(1, 30)
    submissions.failed(one, "http.418", None, is_own=True)
    before = leased(submissions)
    queued = submissions.retry(named)
    [again] = submissions.lease(1, 30)

    assert ([], 1) == (before, queued)
    assert ("1", 2, 0) == (again.reference, again.attempts, again.own_failures)
    assert 0 == submissions.retry("9")


def test_the_last_try_is_known_at_the_next_and_own_failures_are_counted(
    submissions: Submissions, applications: Applications, clock: HandClock
) -> None:
    give(applications, "1")
    for is_own in (False, True, True):
        [one] = submissions.lease(1, 30)
        submissions.failed(one, "x", clock.now, is_own)
        clock.move(seconds=1)
    [last] = submissions.lease(1, 30)

    assert (NOW + timedelta(seconds=2), 2) == (last.last_try, last.own_failures)


def test_whether_anything_arrived_since_a_moment_is_known(
    database: Database, submissions: Submissions, applications: Applications, clock: HandClock
) -> None:
    give(applications, "1")
    [one] = submissions.lease(1, 30)
    before = submissions.has_arrived_since(NOW)
    settle(database, submissions, one.id, "1")
    clock.move(seconds=1)

    assert not before
    assert submissions.has_arrived_since(NOW)
    assert not submissions.has_arrived_since(clock.now)


def test_what_is_sent_loses_its_content_and_is_settled_once(
    database: Database, submissions: Submissions, applications: Applications
) -> None:
    give(applications, "1")
    [one] = submissions.lease(1, 30)

    assert settle(database, submissions, one.id, "theirs")
    assert not settle(database, submissions, one.id, "another")
    assert [b""] == sealed(database)
    expected = Submission("1", "p", "n", "application", "asd", SENT, "theirs", NOW)
    assert expected == submissions.find("1") == submissions.find("theirs")


def test_settling_is_undone_with_its_transaction(
    database: Database, submissions: Submissions, applications: Applications
) -> None:
    give(applications, "1")
    [one] = submissions.lease(1, 30)
    with pytest.raises(LookupError), database.session() as session:
        submissions.sent(one.id, "1", session)
        raise LookupError

    assert 1 == submissions.waiting()
    assert [b"sealed"] == sealed(database)


@pytest.mark.parametrize("keep", [True, False])
def test_what_is_refused_is_kept_only_where_asked_and_not_for_ever(
    database: Database,
    submissions: Submissions,
    applications: Applications,
    clock: HandClock,
    keep: bool,
) -> None:
    give(applications, "1")
    [one] = submissions.lease(1, 30)
    with database.session() as session:
        submissions.refused(one.id, "request.invalid", keep, session)
    kept = sealed(database)
    clock.move(days=31)
    forgotten = submissions.forget_refused(30)
    found = submissions.find("1")

    assert [b"sealed" if keep else b""] == kept
    assert int(keep) == forgotten
    assert [b""] == sealed(database)
    assert found is not None and REFUSED == found.state


def test_what_waits_is_found_by_its_person_and_by_its_reference(
    database: Database, submissions: Submissions, applications: Applications
) -> None:
    for reference, person in (("1", "p"), ("2", "q"), ("3", "p"), ("4", "")):
        give(applications, reference, person)
    first = submissions.lease(10, 30)[0]
    settle(database, submissions, first.id, "1")

    assert ["3"] == [one.reference for one in submissions.waiting_of("p")]
    assert [] == submissions.waiting_of("")
    assert 3 == submissions.waiting()
    assert submissions.find("9") is None
    assert submissions.find("") is None


def test_processes_that_drain_at_once_send_each_once(
    applications: Applications, submissions: Submissions, url: str
) -> None:
    for number in range(30):
        give(applications, f"{number}", f"person-{number % 5}")
    program = """
import sys
from records.database import open_database
from records.submissions import Submissions
database = open_database(sys.argv[1])
submissions = Submissions(database)
while submissions.waiting():
    for one in submissions.lease(1, 60):
        print(one.reference)
        with database.session() as session:
            submissions.sent(one.id, one.reference, session)
"""

    printed = "".join(run_in_processes(2, program, url)).split()

    assert sorted(map(str, range(30))) == sorted(printed)
