"""What the files of citizens promise, on every database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from records.applications import Applications, HandedIn
from records.audit import Audit
from records.database import Database
from records.drafts import Drafts
from records.media import MediaStore, Promised
from records.rights import Rights
from records.submissions import Submissions
from records.tables import MediaRow
from tests.contract.records.conftest import HandClock


@pytest.fixture
def media(database: Database, clock: HandClock) -> MediaStore:
    return MediaStore(database, clock)


def a_file(name: str, draft: str = "draft", person: str = "hers", number: str = "n") -> Promised:
    """A file to promise a place."""
    return Promised(name, person, number, draft, "whatsapp", b"where " + name.encode())


def rows(database: Database) -> dict[str, tuple[str, bytes, bytes]]:
    """State, sealed and content of every file."""
    wanted = sa.select(MediaRow.id, MediaRow.state, MediaRow.sealed, MediaRow.content)
    with database.reading() as session:
        return {row[0]: (row[1], row[2], row[3]) for row in session.execute(wanted)}


def hand_in(database: Database, clock: HandClock, draft: str = "draft") -> int:
    """Hand a draft in, and return the submission's id."""
    given = HandedIn(
        idempotency_key=draft,
        reference=f"ref-{draft}",
        person_key="hers",
        number_key="n",
        kind="application",
        programme="asd",
        sealed=b"sealed",
    )
    Applications(database, clock).hand_in(given)
    [leased] = Submissions(database, clock).lease(1, 60)
    return leased.id


def arrive(database: Database, clock: HandClock, submission: int) -> None:
    """The registry has it."""
    with database.session() as session:
        Submissions(database, clock).sent(submission, "R1", session)


def test_a_file_is_promised_a_place_once(media: MediaStore) -> None:
    assert 2 == media.promise([a_file("a"), a_file("b")], most=10)
    assert 2 == media.promise([a_file("a"), a_file("b")], most=10)
    assert 2 == media.count("draft")


def test_there_are_so_many_places_and_no_more(media: MediaStore) -> None:
    assert 1 == media.promise([a_file("a")], most=2)
    assert 1 == media.promise([a_file("b"), a_file("c")], most=2)
    assert 0 == media.promise([a_file("d")], most=2)
    assert 1 == media.promise([a_file("d", draft="another")], most=2)


def test_a_file_is_leased_to_one_until_the_lease_is_over(
    media: MediaStore, clock: HandClock
) -> None:
    media.promise([a_file("a")], most=10)
    [leased] = media.lease_wanted(5, 60)

    assert ("a", b"where a", 1) == (leased.id, leased.sealed, leased.attempts)
    assert [] == media.lease_wanted(5, 60)
    clock.move(seconds=61)
    assert [2] == [again.attempts for again in media.lease_wanted(5, 60)]


def test_a_file_that_could_not_be_fetched_waits_its_time(
    media: MediaStore, clock: HandClock
) -> None:
    media.promise([a_file("a")], most=10)
    media.lease_wanted(5, 60)
    media.failed("a", "503", clock.now.replace(hour=clock.now.hour + 1))

    assert [] == media.lease_wanted(5, 60)
    clock.move(hours=1)
    assert 1 == len(media.lease_wanted(5, 60))


def test_a_kept_file_is_there_and_no_more_wanted(media: MediaStore, database: Database) -> None:
    media.promise([a_file("a")], most=10)

    assert media.keep("a", "image/png", 7, b"key", b"content")
    assert b"content" == media.content("a")
    assert [] == media.lease_wanted(5, 60)
    assert {"a": ("kept", b"key", b"content")} == rows(database)
    assert not media.keep("a", "image/png", 7, b"key", b"other")


def test_a_refused_file_holds_nothing_and_takes_no_place(
    media: MediaStore, database: Database
) -> None:
    media.promise([a_file("a")], most=1)

    assert media.refuse("a", "too_large")
    assert {"a": ("refused", b"", b"")} == rows(database)
    assert 0 == media.count("draft")
    assert 1 == media.promise([a_file("b")], most=1)


def test_a_file_that_was_erased_meanwhile_is_not_kept(
    media: MediaStore, database: Database, clock: HandClock
) -> None:
    media.promise([a_file("a"), a_file("his", person="his", number="m")], most=10)
    Rights(database, Audit(database, clock), clock).erase("hers", "n", "whatsapp")

    assert not media.keep("a", "image/png", 7, b"key", b"content")
    assert {"his"} == set(rows(database))


def test_a_file_of_nobody_verified_is_found_by_its_number(
    media: MediaStore, database: Database, clock: HandClock
) -> None:
    media.promise([a_file("a", person=""), a_file("other", person="", number="m")], most=10)
    Rights(database, Audit(database, clock), clock).erase("hers", "n", "whatsapp")

    assert {"other"} == set(rows(database))


def test_a_file_goes_to_the_registry_after_what_it_belongs_to_and_is_destroyed(
    media: MediaStore, database: Database, clock: HandClock
) -> None:
    media.promise([a_file("a")], most=10)
    media.keep("a", "image/png", 7, b"key", b"content")
    submission = hand_in(database, clock)
    before = media.lease_to_pass_on(5, 60)
    arrive(database, clock, submission)
    listed = media.to_pass_on()
    [leased] = media.lease_to_pass_on(5, 60)

    assert [] == before
    assert ("a", "image/png") == (leased.file.id, leased.file.content_type)
    assert ("R1", "ref-draft") == (leased.application, leased.reference)
    assert [("ref-draft", 7, 0)] == [(one.reference, one.size, one.attempts) for one in listed]
    assert media.passed_on(leased.file.id)
    assert not media.passed_on(leased.file.id)
    assert [] == media.to_pass_on()
    assert {"a": ("passed_on", b"", b"")} == rows(database)


def test_what_belongs_to_nothing_is_forgotten_but_not_at_once(
    media: MediaStore, database: Database, clock: HandClock
) -> None:
    media.promise([a_file("a")], most=10)

    assert 0 == media.forget(30)
    clock.move(hours=2)
    assert 1 == media.forget(30)
    assert {} == rows(database)


def test_a_draft_and_what_is_on_its_way_keep_their_files_however_old(
    media: MediaStore, database: Database, clock: HandClock
) -> None:
    Drafts(database, clock).keep("begun", "hers", "asd", b"sealed")
    media.promise([a_file("a", "begun"), a_file("b", "draft")], most=10)
    hand_in(database, clock)
    clock.move(days=60)

    assert 0 == media.forget(30)
    assert {"a", "b"} == set(rows(database))


def test_what_the_registry_did_not_take_is_forgotten_after_its_days(
    media: MediaStore, database: Database, clock: HandClock
) -> None:
    media.promise([a_file("a")], most=10)
    media.keep("a", "image/png", 7, b"key", b"content")
    arrive(database, clock, hand_in(database, clock))
    clock.move(days=29)

    assert 0 == media.forget(30)
    clock.move(days=2)
    assert 1 == media.forget(30)


def test_what_was_refused_or_passed_on_is_forgotten_with_its_draft(
    media: MediaStore, database: Database, clock: HandClock
) -> None:
    media.promise([a_file("a"), a_file("b")], most=10)
    media.refuse("a", "gone")
    media.keep("b", "image/png", 7, b"key", b"content")
    arrive(database, clock, hand_in(database, clock))
    media.passed_on("b")
    clock.move(hours=2)

    assert 2 == media.forget(30)
