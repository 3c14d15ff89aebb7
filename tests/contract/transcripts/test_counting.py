"""Figures: every hour counted whole, as often as it takes, and nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from records.database import Database
from tests.builders import NOW
from tests.contract.records.conftest import HandClock
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_turn
from transcripts.counting import Counting, mark_stale
from transcripts.figures import ZONE, Figure, Figures, Subject
from transcripts.retention import Retention
from transcripts.store import Transcripts
from transcripts.tables import StaleHourRow
from transcripts.turns import Understood

TODAY = NOW.astimezone(ZONE).date()


@pytest.fixture
def counting(database: Database, clock: HandClock) -> Counting:
    clock.now = NOW + timedelta(hours=1)
    return Counting(database, clock)


def found(database: Database, measure: str) -> dict[Subject, int]:
    read = Figures(database).between(TODAY - timedelta(1), TODAY + timedelta(1), [measure])
    return {one.subject: one.count for one in read}


def test_a_turn_is_counted_once_however_often_it_is_counted(
    transcripts: Transcripts, counting: Counting, database: Database
) -> None:
    transcripts.record([a_turn("1", language="fr"), a_turn("2", language="fr")])
    turns = {Subject("turns", "whatsapp", "fr", "twilio"): 2}

    for _ in range(3):
        counting.refresh()
        assert turns == found(database, "turns")
    assert {Subject("conversations", "whatsapp", "fr"): 1} == found(database, "conversations")


def test_conversations_are_counted_once_each_however_many_are_read_at_a_time(
    transcripts: Transcripts,
    counting: Counting,
    clock: HandClock,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.now = NOW + timedelta(hours=3)
    moments = [NOW + timedelta(minutes=20 * number) for number in range(7)]
    transcripts.record(
        [
            a_turn(f"{person}-{at}", at, person, language="fr")
            for at in moments
            for person in (FATIMA, HASSAN)
        ]
    )
    counting.refresh()
    measures = ("turns", "conversations", "outcomes")
    whole = [found(database, measure) for measure in measures]

    monkeypatch.setattr("transcripts.counting._AT_ONCE", 1)
    with database.session() as session:
        mark_stale(session, moments)
    counting.refresh()

    assert whole == [found(database, measure) for measure in measures]
    assert {Subject("turns", "whatsapp", "fr", "twilio"): 2 * len(moments)} == whole[0]


def test_what_is_understood_late_is_counted_where_it_was_said(
    transcripts: Transcripts, counting: Counting, clock: HandClock, database: Database
) -> None:
    transcripts.record([a_turn("1", said="wach dazo lflous", language="ary")])
    clock.now += timedelta(hours=9)
    counting.refresh()
    assert {} == found(database, "words")

    transcripts.understand([Understood("1", "nlu_fallback", 0.3)])
    counting.refresh()

    assert {Subject("words", "", "ary_latn", "fallback"): 1} == found(database, "words")


def test_a_journey_is_begun_then_done_or_left(
    transcripts: Transcripts, counting: Counting, clock: HandClock, database: Database
) -> None:
    asks, ends = ["utter_ask_idcs"], ["utter_rnp_registered", "utter_what_next"]
    chosen: dict[str, Any] = {
        "step": "choice",
        "choice": "check_registration",
        "keys": asks,
        "language": "fr",
    }
    transcripts.record([a_turn("1", NOW, **chosen), a_turn("2", NOW, HASSAN, **chosen)])
    later = NOW + timedelta(minutes=5)
    transcripts.record([a_turn("3", later, FATIMA, step="choice", keys=ends, language="fr")])
    clock.now = later
    counting.refresh()
    begun = Subject("services", "whatsapp", "fr", "check_registration", "begun")
    done = Subject("services", "whatsapp", "fr", "check_registration", "done")
    assert {begun: 2, done: 1} == found(database, "services")

    clock.now += timedelta(minutes=40)
    counting.refresh()

    left = Subject("services", "whatsapp", "fr", "check_registration", "left")
    assert {begun: 2, done: 1, left: 1} == found(database, "services")
    screens = found(database, "screens")
    assert 1 == screens[Subject("screens", "whatsapp", "", "utter_ask_idcs", "left")]
    assert 2 == screens[Subject("screens", "whatsapp", "", "utter_ask_idcs", "shown")]


def test_an_hour_that_is_over_rests_and_keeps_its_count_when_its_turns_are_forgotten(
    transcripts: Transcripts,
    counting: Counting,
    clock: HandClock,
    database: Database,
    retention: Retention,
) -> None:
    transcripts.record([a_turn("1", language="fr")])
    clock.now = NOW + timedelta(hours=5)
    assert 1 == counting.refresh()
    assert 0 == counting.refresh()

    retention.erase(FATIMA)
    counting.refresh()

    assert {Subject("turns", "whatsapp", "fr", "twilio"): 1} == found(database, "turns")


def test_figures_stand_on_the_day_of_morocco(
    transcripts: Transcripts, counting: Counting, clock: HandClock, database: Database
) -> None:
    late = NOW.replace(hour=23, minute=30)
    transcripts.record([a_turn("1", late, language="fr")])
    clock.now = late + timedelta(hours=1)
    counting.refresh()

    [figure] = Figures(database).between(TODAY - timedelta(2), TODAY + timedelta(2), ["turns"])

    assert late.astimezone(ZONE).date() == figure.day
    assert isinstance(figure, Figure)


def test_what_is_recorded_while_an_hour_is_counted_is_counted_again(
    transcripts: Transcripts, counting: Counting, clock: HandClock, database: Database
) -> None:
    transcripts.record([a_turn("1", language="fr")])
    clock.now = NOW + timedelta(hours=5)
    with database.reading() as session:
        before = session.scalars(sa.select(StaleHourRow.mark)).one()
    transcripts.record([a_turn("2", language="fr")])

    with database.reading() as session:
        assert before != session.scalars(sa.select(StaleHourRow.mark)).one()
