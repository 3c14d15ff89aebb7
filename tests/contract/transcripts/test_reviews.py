"""The queue of reviews: what comes into it, who decides, and what is kept of that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import StoreUnavailable
from core.privacy import Pseudonyms
from records.database import Database
from tests.builders import KEY, NOW
from tests.contract.records.conftest import HandClock
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_turn
from transcripts.agreement import Decision, Mark
from transcripts.batches import Batches
from transcripts.gathering import Gathering
from transcripts.remarks import Remarks
from transcripts.retention import Retention
from transcripts.reviews import Reviews, Scored
from transcripts.store import Transcripts
from transcripts.tables import ReviewRow
from transcripts.turns import Understood

TOKEN = "[[idcs:abcdefghijklmnopqrstuv:42]]"


@pytest.fixture
def gathering(database: Database, clock: HandClock) -> Gathering:
    return Gathering(database, Pseudonyms(KEY), clock)


@pytest.fixture
def reviews(database: Database, clock: HandClock) -> Reviews:
    return Reviews(database, clock)


class Said:
    """Has citizens say things, each of which the engine made something of."""

    def __init__(self, transcripts: Transcripts, clock: HandClock) -> None:
        self._transcripts = transcripts
        self._clock = clock
        self._count = 0

    def __call__(
        self,
        words: str,
        intent: str = "nlu_fallback",
        confidence: float = 0.3,
        number_key: str = FATIMA,
        ranking: Any = (),
        **given: Any,
    ) -> str:
        self._count += 1
        key = f"t{self._count}"
        at = NOW + timedelta(seconds=self._count)
        turn = a_turn(key, at, number_key, **{"said": words, "language": "fr", **given})
        self._transcripts.record([turn])
        made = Understood(key, intent, confidence, list(ranking), [["programme", "asd"]])
        self._transcripts.understand([made])
        self._clock.now = at + timedelta(minutes=10)
        return key


@pytest.fixture
def say(transcripts: Transcripts, clock: HandClock) -> Said:
    return Said(transcripts, clock)


def rows(database: Database) -> list[ReviewRow]:
    with database.reading() as session:
        found = list(session.scalars(sa.select(ReviewRow).order_by(ReviewRow.id)))
        session.expunge_all()
        return found


def meant(staff: str, intent: str = "apply", **given: Any) -> Decision:
    told: dict[str, Any] = {"verdict": "intent", "variety": "fr", "marks": ()}
    return Decision(staff, intent=intent, **{**told, **given})


def test_what_was_doubtful_is_gathered_once_for_each_folded_text(
    gathering: Gathering, say: Said, database: Database
) -> None:
    say("Ou est mon aide ?")
    say("où est mon AIDE", number_key=HASSAN)
    say("je veux une pizza", "out_of_scope", 0.9)
    say("mon dossier la", "track_application", 0.6)
    say("bureau", "find_office", 0.9, ranking=[["find_office", 0.9], ["apply", 0.8]])

    assert 4 == gathering.gather()
    assert 0 == gathering.gather()
    reasons = [one.reason for one in rows(database)]
    assert ["fallback", "out_of_scope", "unsure", "close"] == reasons


def test_no_personal_answer_is_ever_gathered(
    gathering: Gathering, say: Said, database: Database
) -> None:
    say(f"mon numero {TOKEN}")
    say("code 48213")
    say("4")
    say("salam", step="choice")
    say("salam", "inform")
    say("nom", "help", 0.99, expects="text", number_key=HASSAN)
    say("Fatima Zahra Bennani", number_key=HASSAN)

    assert 0 == gathering.gather()
    assert [] == rows(database)


def test_staff_ask_for_a_look_by_a_turn_or_by_a_label(
    gathering: Gathering, say: Said, database: Database, clock: HandClock
) -> None:
    sure = say("bonjour a vous", "greet", 0.99)
    assert gathering.ask(sure)
    assert not gathering.ask(sure)
    assert not gathering.ask("nobody")
    say("merci bien", "thank", 0.99, number_key=HASSAN)
    Remarks(database, clock).label(2, "teach", "1")

    assert 1 == gathering.gather()
    assert {"labelled"} == {one.reason for one in rows(database)}


def test_the_queue_takes_varieties_in_turn_and_none_twice(
    gathering: Gathering, reviews: Reviews, say: Said, database: Database
) -> None:
    for words in ("un", "deux", "trois"):
        say(f"{words} question bizarre", confidence=0.1)
    say("سؤال", language="ar", confidence=0.4)
    gathering.gather()
    varieties = {one.id: one.variety for one in rows(database)}
    seen: list[int] = []
    while (following := reviews.following("1", seen)) is not None:
        seen.append(following)

    assert sorted(varieties) == sorted(seen)
    assert {"ar", "fr"} == {varieties[one] for one in seen[:2]}


def test_what_a_colleague_decided_comes_first_and_ones_own_never_again(
    gathering: Gathering, reviews: Reviews, say: Said, database: Database
) -> None:
    say("aaa question", confidence=0.1)
    say("bbb question", confidence=0.2)
    gathering.gather()
    last = rows(database)[1].id

    assert "open" == reviews.decide(last, meant("1"))
    assert last == reviews.following("2")
    assert last != reviews.following("1")


def test_two_who_agree_accept_with_what_they_marked(
    gathering: Gathering, reviews: Reviews, say: Said, database: Database
) -> None:
    say("ou est mon asd")
    gathering.gather()
    [row] = rows(database)
    marks = (Mark(3, 4, "programme", "asd"),)

    assert "open" == reviews.decide(row.id, meant("1", marks=marks))
    assert "accepted" == reviews.decide(row.id, meant("2", marks=marks))
    assert None is reviews.decide(row.id, meant("3", "help"))
    [row] = reviews.accepted()
    assert ("apply", [[3, 4, "programme", "asd"]]) == (row.settled_intent, row.settled_marks)
    kept = reviews.corrections(row.id)
    assert [("1", "apply"), ("2", "apply")] == [(one.staff, one.intent) for one in kept]
    assert all(one.at for one in kept)


def test_a_dispute_is_for_a_supervisor_alone(
    gathering: Gathering, reviews: Reviews, say: Said, database: Database
) -> None:
    say("ou est mon aide")
    gathering.gather()
    [row] = rows(database)
    reviews.decide(row.id, meant("1"))

    assert "disputed" == reviews.decide(row.id, meant("2", "help"))
    assert None is reviews.decide(row.id, meant("4", "help"))
    assert [row.id] == [one.id for one in reviews.disputed()]
    assert "accepted" == reviews.decide(row.id, meant("3", "track_benefit", is_final=True))


def test_a_correction_can_be_neither_changed_nor_dropped(
    gathering: Gathering, reviews: Reviews, say: Said, database: Database
) -> None:
    say("ou est mon aide")
    gathering.gather()
    reviews.decide(rows(database)[0].id, meant("1"))

    for statement in ("UPDATE corrections SET staff = '9'", "DELETE FROM corrections"):
        with pytest.raises(StoreUnavailable), database.session() as session:
            session.execute(sa.text(statement))
    assert ["1"] == [one.staff for one in reviews.corrections(rows(database)[0].id)]


def test_what_is_discarded_or_erased_keeps_no_word(
    gathering: Gathering, reviews: Reviews, say: Said, database: Database, retention: Retention
) -> None:
    say("je suis Untel de Nullepart")
    say("ou est mon aide", number_key=HASSAN)
    gathering.gather()
    first, second = rows(database)
    assert "discarded" == reviews.decide(first.id, meant("1", verdict="discard"))
    reviews.decide(second.id, meant("1"))
    reviews.decide(second.id, meant("2"))

    retention.erase(HASSAN)

    kept = [(one.words, one.mark, one.turn_key, one.state) for one in rows(database)]
    assert [("", None, "", "discarded"), ("", None, "", "accepted")] == kept
    assert [] == reviews.accepted()


def test_an_export_is_asked_for_measured_and_accepted_once(
    gathering: Gathering, reviews: Reviews, say: Said, database: Database, clock: HandClock
) -> None:
    batches = Batches(database, clock)
    assert None is batches.ask("3")
    say("ou est mon aide")
    gathering.gather()
    [row] = rows(database)
    reviews.decide(row.id, meant("1"))
    reviews.decide(row.id, meant("2"))
    batch = batches.ask("3")
    assert batch is not None
    assert None is batches.ask("3")

    assert not batches.accept(batch, "3")
    assert batches.begin(batch)
    assert not batches.begin(batch)
    batches.measured(batch, {"before": {}}, {row.id: "alike"})
    assert ["alike"] == [one.fault for one in batches.lines(batch)]
    assert batches.accept(batch, "3")
    assert not batches.refuse(batch, "3")
    assert ["exported"] == [one.state for one in rows(database)]


def test_a_measurement_that_died_is_begun_again(
    gathering: Gathering, reviews: Reviews, say: Said, database: Database, clock: HandClock
) -> None:
    say("ou est mon aide")
    gathering.gather()
    reviews.decide(rows(database)[0].id, meant("1"))
    reviews.decide(rows(database)[0].id, meant("2"))
    batches = Batches(database, clock)
    batch = batches.ask("3")
    assert batch is not None
    assert batches.begin(batch)

    clock.move(hours=1)
    assert batches.begin(batch)
    batches.failed(batch, "no engine here")
    found = batches.find(batch)
    assert found is not None
    assert ("failed", "no engine here") == (found.state, found.fault)
    assert batches.refuse(batch, "3")
    assert 1 == len(reviews.accepted())


def test_accuracy_is_that_of_settled_reviews_and_apart_of_those_drawn(
    reviews: Reviews, database: Database
) -> None:
    settled = (
        ("fr", "fallback", "nlu_fallback", "apply"),
        ("fr", "sample", "apply", "apply"),
        ("fr", "fallback", "nlu_fallback", "out_of_scope"),
        ("fr", "fallback", "nlu_fallback", ""),
    )
    with database.session() as session:
        for variety, reason, guessed, intent in settled:
            told: dict[str, Any] = {"words": "x", "language": "fr", "turn_key": "", "doubt": 0.1}
            row = ReviewRow(at=NOW, variety=variety, reason=reason, intent=guessed, **told)
            row.settled_intent = intent
            session.add(row)

    scored = reviews.scored(NOW - timedelta(days=1), NOW + timedelta(days=1))

    assert {"fr": Scored(3, 2, 1, 1)} == scored
