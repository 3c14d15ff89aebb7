"""Words are found in any script, and forgotten with what held them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from records.database import Database
from tests.builders import NOW
from tests.contract.records.conftest import HandClock
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_letter, a_turn
from transcripts import search
from transcripts.retention import Forgotten, Retention
from transcripts.store import Transcripts
from transcripts.tables import LetterRow, TurnRow


def found(database: Database, asked: str) -> list[int]:
    """The places that hold the words: a turn's id doubled, a letter's one more."""
    with database.reading() as session:
        turns = search.latest(session, asked, False, 2**40, 50)
        letters = search.latest(session, asked, True, 2**40, 50)
        return sorted([*(one * 2 for one in turns), *(one * 2 + 1 for one in letters)])


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("وَاش تّقْبل الطّلب؟", "واش الطلب"),
        ("أين وصلت إعانتي", "اين اعانتي"),
        ("ⵎⴰⵏⵉ ⵉⵇⴰⵔⵉⴹⵏ", "mani"),
        ("mani iqariḍn", "ⵎⴰⵏⵉ"),
        ("Où est mon aide ?", "ou aide"),
        ("wach t9blat talabi", "talab"),
        ("الرقم ٢٠٢٦", "2026"),
    ],
)
def test_words_are_found_in_any_spelling_that_folds_to_theirs(
    transcripts: Transcripts, database: Database, said: str, asked: str
) -> None:
    transcripts.record([a_turn("one", said=said), a_turn("two", said="autre chose")])

    with database.reading() as session:
        wanted = session.scalars(sa.select(TurnRow.id).where(TurnRow.key == "one")).one()
    assert [wanted * 2] == found(database, asked)


def test_what_was_shown_and_what_was_sent_are_found_too(
    transcripts: Transcripts, database: Database
) -> None:
    transcripts.record([a_turn("one", said="1", screens=["Choisissez la région"])])
    transcripts.keep_letters([a_letter("l", text="Votre demande est acceptée")])

    with database.reading() as session:
        letter = session.scalars(sa.select(LetterRow.id)).one()
        turn = session.scalars(sa.select(TurnRow.id)).one()
    assert [turn * 2] == found(database, "region")
    assert [letter * 2 + 1] == found(database, "ACCEPTEE")


@pytest.mark.parametrize("asked", ["", "  ", '"', "***", "?!", "AND", "NEAR(", "x" * 5000, "a:b*c"])
def test_any_question_is_answered(transcripts: Transcripts, database: Database, asked: str) -> None:
    transcripts.record([a_turn("one")])

    assert [] == found(database, asked)


def test_sealed_values_are_not_found(transcripts: Transcripts, database: Database) -> None:
    token = "[[idcs:AAAAAAAAAAAAAAAAAAAAAA:42]]"
    transcripts.record([a_turn("one", said=f"mon numero {token}", screens=["Fatima ***** 12"])])

    assert [] == found(database, "idcs") + found(database, "AAAAAAAAAAAAAAAAAAAAAA")
    assert 1 == len(found(database, "mon numero"))


def test_an_erasure_forgets_a_number_words_and_all(
    transcripts: Transcripts, retention: Retention, database: Database
) -> None:
    transcripts.record([a_turn("one"), a_turn("two", number_key=HASSAN)])
    transcripts.keep_letters([a_letter("l", text="salam encore")])

    assert Forgotten(1, 1, 1) == retention.erase(FATIMA)
    assert 1 == len(found(database, "salam"))
    assert Forgotten() == retention.erase(FATIMA)


def test_what_is_old_is_forgotten_and_what_is_not_stays(
    transcripts: Transcripts, retention: Retention, database: Database, clock: HandClock
) -> None:
    transcripts.record([a_turn("one"), a_turn("two", NOW + timedelta(days=50))])
    clock.move(days=91)

    assert Forgotten(1, 1, 0) == retention.forget_older(90)
    assert 1 == len(found(database, "salam"))
