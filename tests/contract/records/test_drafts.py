"""What the drafts promise, on every database."""

from __future__ import annotations

import pytest

from records.database import Database
from records.drafts import Drafts
from tests.contract.records.conftest import HandClock


@pytest.fixture
def drafts(database: Database, clock: HandClock) -> Drafts:
    return Drafts(database, clock, life_days=30)


def test_a_draft_is_found_by_its_owner_and_procedure_and_by_its_name(drafts: Drafts) -> None:
    drafts.keep("d1", "person", "asd", b"sealed")
    found = drafts.find("person", "asd")

    assert found is not None
    assert (b"sealed", "d1") == (found.sealed, found.id)
    assert found == drafts.named("d1")
    assert drafts.find("person", "amo") is None
    assert drafts.find("another", "asd") is None


def test_a_draft_kept_again_is_the_newer_one(drafts: Drafts, clock: HandClock) -> None:
    drafts.keep("d1", "person", "asd", b"old")
    first = drafts.named("d1")
    later = clock.move(hours=1)
    drafts.keep("d1", "person", "asd", b"new")
    second = drafts.named("d1")

    assert first is not None
    assert second is not None
    assert (b"new", later, first.created) == (second.sealed, second.touched, second.created)


def test_a_draft_begun_again_replaces_the_old_one(drafts: Drafts) -> None:
    drafts.keep("d1", "person", "asd", b"old")
    drafts.keep("d2", "person", "asd", b"new")

    assert drafts.named("d1") is None
    assert ["d2"] == [draft.id for draft in drafts.of("person")]


def test_a_draft_may_change_hands_from_a_number_to_a_person(drafts: Drafts) -> None:
    drafts.keep("d1", "number", "rnp", b"one")
    drafts.keep("d1", "person", "rnp", b"two")

    assert drafts.find("number", "rnp") is None
    assert drafts.find("person", "rnp") is not None


def test_a_draft_lives_thirty_days_from_its_last_touch(drafts: Drafts, clock: HandClock) -> None:
    drafts.keep("d1", "person", "asd", b"sealed")
    clock.move(days=29)
    drafts.keep("d1", "person", "asd", b"sealed")
    clock.move(days=29)

    assert drafts.find("person", "asd") is not None

    clock.move(days=1)

    assert drafts.find("person", "asd") is None
    assert drafts.named("d1") is None
    assert [] == drafts.of("person")


def test_old_drafts_are_swept_and_young_ones_stay(drafts: Drafts, clock: HandClock) -> None:
    drafts.keep("d1", "person", "asd", b"sealed")
    clock.move(days=20)
    drafts.keep("d2", "person", "amo", b"sealed")
    clock.move(days=10)

    assert 1 == drafts.drop_old()
    assert 0 == drafts.drop_old()
    assert ["d2"] == [draft.id for draft in drafts.of("person")]


def test_a_draft_is_forgotten_alone_or_with_all_of_its_owner(drafts: Drafts) -> None:
    for number, procedure in enumerate(("asd", "amo", "rsu")):
        drafts.keep(f"d{number}", "person", procedure, b"sealed")
    drafts.keep("other", "another", "asd", b"sealed")
    drafts.drop("d0")

    assert {"d1", "d2"} == {draft.id for draft in drafts.of("person")}

    drafts.drop_all("person")

    assert [] == drafts.of("person")
    assert drafts.named("other") is not None


def test_the_drafts_of_a_person_come_with_the_last_touched_first(
    drafts: Drafts, clock: HandClock
) -> None:
    drafts.keep("d1", "person", "asd", b"sealed")
    clock.move(hours=1)
    drafts.keep("d2", "person", "amo", b"sealed")
    clock.move(hours=1)
    drafts.keep("d1", "person", "asd", b"sealed")

    assert ["d1", "d2"] == [draft.id for draft in drafts.of("person")]


def test_whether_somebody_else_began_the_same_on_a_number_is_known(
    drafts: Drafts, clock: HandClock
) -> None:
    drafts.keep("d1", "number", "rnp", b"sealed", "number")

    assert not drafts.has_others("number", "rnp", "d2")

    drafts.keep("d1", "born then", "rnp", b"sealed", "number")

    assert drafts.has_others("number", "rnp", "d2")
    assert not drafts.has_others("number", "rnp", "d1")
    assert not drafts.has_others("number", "asd", "d2")
    assert not drafts.has_others("another", "rnp", "d2")

    clock.move(days=30)

    assert not drafts.has_others("number", "rnp", "d2")
