"""Recording: once each, in the right conversation, whatever comes first."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from records.database import Database
from tests.builders import NOW
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_letter, a_turn
from transcripts.store import Transcripts
from transcripts.tables import ConversationRow, LetterRow, Table, TurnRow, UnderstoodRow
from transcripts.turns import RecordedTurn, Understood


def conversations(database: Database) -> list[ConversationRow]:
    with database.reading() as session:
        return list(session.scalars(sa.select(ConversationRow).order_by(ConversationRow.id)))


def turns(database: Database) -> list[TurnRow]:
    with database.reading() as session:
        return list(session.scalars(sa.select(TurnRow).order_by(TurnRow.at)))


def test_the_migrations_add_up_to_the_tables(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(
            session.connection(),
            opts={
                "version_table": "transcripts_version",
                # Where words are found is made by hand.
                "include_name": lambda name, kind, _: (
                    not (kind == "table" and name.startswith("found_words"))
                ),
            },
        )
        assert [] == compare_metadata(context, Table.metadata)


def test_a_turn_travels_whole() -> None:
    turn = a_turn("k", screens=["1 Oui\n2 Non"], keys=["utter_menu"], milliseconds=12.5)

    assert turn == RecordedTurn.from_json(turn.to_json())


def test_what_comes_twice_is_kept_once(transcripts: Transcripts, database: Database) -> None:
    assert 1 == transcripts.record([a_turn("one"), a_turn("one")])
    assert 1 == transcripts.record([a_turn("one"), a_turn("two")])

    assert ["one", "two"] == [turn.key for turn in turns(database)]
    assert [2] == [one.turns for one in conversations(database)]


def test_after_a_long_silence_another_conversation_begins(
    transcripts: Transcripts, database: Database
) -> None:
    later = [NOW, NOW + timedelta(hours=23), NOW + timedelta(hours=48)]
    transcripts.record([a_turn(str(at), at) for at in reversed(later)])

    assert [2, 1] == [one.turns for one in conversations(database)]
    assert NOW + timedelta(hours=23) == conversations(database)[0].last_at


def test_two_numbers_never_share_a_conversation(
    transcripts: Transcripts, database: Database
) -> None:
    transcripts.record([a_turn("one"), a_turn("two", number_key=HASSAN)])

    assert {FATIMA, HASSAN} == {one.number_key for one in conversations(database)}


def test_what_the_engine_made_of_a_turn_is_added_whichever_comes_first(
    transcripts: Transcripts, database: Database
) -> None:
    made = [
        Understood(key, "apply", 0.4, [["apply", 0.4]], [], ["action_x"], ["service"], "asd")
        for key in ("one", "two")
    ]
    transcripts.record([a_turn("one")])
    transcripts.understand(made)
    transcripts.record([a_turn("two")])

    assert ["apply", "apply"] == [turn.intent for turn in turns(database)]
    (conversation,) = conversations(database)
    assert ("apply", "asd", 0.4) == (
        conversation.intent,
        conversation.programme,
        conversation.lowest,
    )
    with database.reading() as session:
        assert not session.scalars(sa.select(UnderstoodRow)).all()


def test_a_turn_that_failed_or_was_not_understood_marks_its_conversation(
    transcripts: Transcripts, database: Database
) -> None:
    transcripts.record([a_turn("one", outcome="EngineTimeout"), a_turn("two")])
    transcripts.understand([Understood("two", "nlu_fallback", 0.2)])

    (conversation,) = conversations(database)
    assert (1, 1) == (conversation.errors, conversation.fallbacks)


def test_a_letter_is_kept_once_and_settled_by_the_same_key(
    transcripts: Transcripts, database: Database
) -> None:
    transcripts.keep_letters([a_letter("l", text="Votre demande est acceptée.")])
    transcripts.keep_letters([a_letter("l", state="undelivered", code="30003")])
    transcripts.keep_letters([a_letter("l", state="undelivered", code="30003")])

    with database.reading() as session:
        (letter,) = session.scalars(sa.select(LetterRow)).all()
    assert ("undelivered", "30003", "Votre demande est acceptée.") == (
        letter.state,
        letter.code,
        letter.text,
    )
    assert [1] == [one.undelivered for one in conversations(database)]
