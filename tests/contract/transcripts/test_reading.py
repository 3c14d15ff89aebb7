"""Reading a conversation, and searching messages page after page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from records.database import Database
from tests.builders import NOW
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_letter, a_turn
from transcripts import reading as reading_module
from transcripts.listing import Filters
from transcripts.reading import Reached, Reading
from transcripts.remarks import Remarks
from transcripts.retention import Retention
from transcripts.store import Transcripts


@pytest.fixture
def reading(database: Database) -> Reading:
    """What reads the database."""
    return Reading(database)


def keys(found: object) -> list[str]:
    """The keys of messages or hits."""
    return [getattr(one, "message", one).key for one in found]  # type: ignore[attr-defined]


def every_key(reading: Reading, asked: str, size: int) -> list[str]:
    """All that a search finds, page after page."""
    found: list[str] = []
    reached: Reached | None = Reached()
    while reached is not None:
        page = reading.search(asked, Filters(), reached, size)
        assert len(page.hits) <= size
        found += keys(page.hits)
        reached = page.after
    return found


def test_turns_and_letters_of_a_conversation_come_in_their_order(
    transcripts: Transcripts, reading: Reading
) -> None:
    at = [NOW + timedelta(minutes=n) for n in range(6)]
    transcripts.record([a_turn("a", at[0]), a_turn("c", at[2]), a_turn("e", at[4])])
    transcripts.keep_letters([a_letter("b", at[1]), a_letter("d", at[3])])
    row = reading.latest(f"whatsapp-{FATIMA}")
    assert row is not None

    messages, has_earlier = reading.messages(row.id)
    last, has_more = reading.messages(row.id, size=2)
    before, _ = reading.messages(row.id, last[0].at, size=2)

    assert (list("abcde"), False) == (keys(messages), has_earlier)
    assert (list("de"), True) == (keys(last), has_more)
    assert list("bc") == keys(before)


def test_a_conversation_that_vanished_is_none(reading: Reading) -> None:
    assert reading.find(1) is None
    assert reading.latest("sms-x") is None
    assert ([], False) == reading.messages(1)


@pytest.mark.parametrize("size", [1, 3, 50])
def test_a_search_finds_each_message_once_whatever_the_page(
    transcripts: Transcripts, reading: Reading, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "_WINDOW", 4)
    at = [NOW + timedelta(minutes=n) for n in range(20)]
    transcripts.record(a_turn(f"t{n}", at[n], said="mon dossier") for n in range(0, 20, 2))
    transcripts.keep_letters(a_letter(f"l{n}", at[n], text="Votre dossier") for n in (1, 3, 15))
    transcripts.record([a_turn("other", said="bonjour")])

    found = every_key(reading, "dossi", size)

    assert sorted(found) == sorted([*(f"t{n}" for n in range(0, 20, 2)), "l1", "l3", "l15"])
    assert len(found) == len(set(found))


def test_a_search_keeps_to_the_filters(transcripts: Transcripts, reading: Reading) -> None:
    transcripts.record(
        [
            a_turn("one", said="ⴰⵣⵓⵍ", language="zgh"),
            a_turn("two", said="azul", language="fr", number_key=HASSAN),
        ]
    )

    assert {"one", "two"} == set(every_key(reading, "ⴰⵣⵓⵍ", 30))
    assert ["one"] == keys(reading.search("azul", Filters(language="zgh")).hits)


@pytest.mark.parametrize("asked", ["", '"', "x" * 100_000, "\x00", "a & | !", "لا شيء"])
def test_a_search_for_anything_ends(transcripts: Transcripts, reading: Reading, asked: str) -> None:
    transcripts.record([a_turn("one")])

    assert () == reading.search(asked, Filters()).hits


def test_what_staff_added_is_forgotten_with_the_conversation(
    transcripts: Transcripts, reading: Reading, database: Database, retention: Retention
) -> None:
    transcripts.record([a_turn("one")])
    row, remarks = reading.latest(f"whatsapp-{FATIMA}"), Remarks(database)
    assert row is not None
    remarks.note(row.id, "1", "Rappeler demain")
    remarks.label(row.id, "urgent", "1")
    assert ["Rappeler demain"] == [note.text for note in remarks.notes(row.id)]

    retention.erase(FATIMA)

    assert ([], []) == (remarks.notes(row.id), remarks.labels(row.id))
