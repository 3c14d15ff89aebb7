"""What handing in promises, on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import StoreUnavailable
from records.applications import Applications, HandedIn
from records.database import Database
from records.drafts import Drafts
from records.submissions import Submissions
from tests.contract.records.conftest import HandClock, run_in_processes

GIVEN = HandedIn("d1", "712345678901", "person", "number", "application", "asd", b"sealed")


@pytest.fixture
def applications(database: Database, clock: HandClock) -> Applications:
    return Applications(database, clock)


def test_what_is_handed_in_is_queued_under_its_reference(applications: Applications) -> None:
    reference = applications.hand_in(GIVEN)
    found = applications.by_reference(reference)

    assert GIVEN.reference == reference
    assert found is not None
    assert ("queued", "asd", "application", "") == (
        found.state,
        found.programme,
        found.kind,
        found.registry_reference,
    )


def test_the_draft_is_gone_once_it_is_handed_in(
    applications: Applications, database: Database, clock: HandClock
) -> None:
    drafts = Drafts(database, clock)
    drafts.keep("d1", "person", "asd", b"sealed")
    drafts.keep("d2", "person", "amo", b"sealed")
    applications.hand_in(GIVEN)

    assert ["d2"] == [draft.id for draft in drafts.of("person")]


def test_handed_in_again_it_keeps_its_first_reference(applications: Applications) -> None:
    first = applications.hand_in(GIVEN)
    second = applications.hand_in(replace(GIVEN, reference="799999999999", sealed=b"other"))

    assert first == second
    assert applications.by_reference("799999999999") is None
    assert 1 == len(applications.of("person"))


def test_two_that_would_share_a_reference_keep_the_draft_of_the_second(
    applications: Applications, database: Database, clock: HandClock
) -> None:
    drafts = Drafts(database, clock)
    drafts.keep("d2", "another", "asd", b"sealed")
    applications.hand_in(GIVEN)

    with pytest.raises(StoreUnavailable):
        applications.hand_in(replace(GIVEN, idempotency_key="d2"))

    assert drafts.named("d2") is not None
    assert applications.under("d2") is None


def test_what_a_person_handed_in_comes_newest_first(applications: Applications) -> None:
    applications.hand_in(GIVEN)
    applications.hand_in(replace(GIVEN, idempotency_key="d2", reference="812345678901"))
    applications.hand_in(
        replace(GIVEN, idempotency_key="d3", reference="912345678901", person_key="another")
    )

    assert ["812345678901", "712345678901"] == [one.reference for one in applications.of("person")]


def test_what_was_made_lately_is_the_newest_of_that_person_and_programme(
    applications: Applications, clock: HandClock
) -> None:
    applications.hand_in(GIVEN)
    since = clock.move(hours=2)
    before = applications.lately("person", "asd", since)
    others = (
        replace(GIVEN, programme="amo"),
        replace(GIVEN, person_key="another"),
        replace(GIVEN, kind="complaint"),
    )
    for number, given in enumerate((GIVEN, GIVEN, *others)):
        key, reference = f"later-{number}", f"81234567890{number}"
        applications.hand_in(replace(given, idempotency_key=key, reference=reference))
    found = applications.lately("person", "asd", since)

    assert before is None
    assert found is not None
    assert ("812345678901", since) == (found.reference, found.created)


def test_what_was_refused_was_not_made_lately(
    applications: Applications, database: Database, clock: HandClock
) -> None:
    applications.hand_in(GIVEN)
    submissions = Submissions(database, clock)
    [leased] = submissions.lease(1, 30)
    with database.session() as session:
        submissions.refused(leased.id, "request.invalid", True, session)

    assert applications.lately("person", "asd", clock.now) is None


def test_processes_that_hand_in_the_same_at_once_get_one_reference(
    applications: Applications, url: str
) -> None:
    program = """
import sys
from core.references import new_reference
from records.applications import Applications, HandedIn
from records.database import open_database
given = HandedIn("d9", new_reference(), "person", "number", "application", "asd", b"sealed")
print(Applications(open_database(sys.argv[1])).hand_in(given))
"""

    printed = run_in_processes(3, program, url)

    assert 1 == len(set(printed))
    assert 1 == len(applications.of("person"))
