"""Correcting what was understood, agreeing, and handing it over: as reviewer and supervisor."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import redis
import sqlalchemy as sa

from core.privacy import Pseudonyms
from records.clock import utc_now
from records.database import Database
from records.tables import AuditRow
from tests.builders import KEY
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_turn
from tests.unit.console.conftest import Browser, SignIn
from transcripts.agreement import Decision
from transcripts.batches import Batches
from transcripts.gathering import Gathering
from transcripts.reviews import Reviews
from transcripts.store import Transcripts
from transcripts.tables import ReviewRow
from transcripts.turns import Understood

WORDS = "ou en est mon ASD, svp ?"
HOSTILE = '<img src=x onerror=alert(1)> "veux" une aide'


@pytest.fixture
def reviews(database: Database) -> dict[str, int]:
    """Two messages to look at, by their words."""
    said = utc_now() - timedelta(minutes=30)
    store = Transcripts(database)
    store.record(
        [
            a_turn("t1", said, FATIMA, said=WORDS, language="fr"),
            a_turn("t2", said, HASSAN, said=HOSTILE, language="fr"),
            a_turn("t3", said + timedelta(seconds=1), HASSAN, said="merci bien", language="fr"),
        ]
    )
    ranking = [["nlu_fallback", 0.5], ["apply", 0.31], ["track_application", 0.3]]
    store.understand(
        [
            Understood("t1", "nlu_fallback", 0.3, ranking, [["programme", "asd"]]),
            Understood("t2", "nlu_fallback", 0.4),
            Understood("t3", "thank", 0.99),
        ]
    )
    Gathering(database, Pseudonyms(KEY)).gather()
    with database.reading() as session:
        return {row.words: row.id for row in session.scalars(sa.select(ReviewRow))}


def found(database: Database, number: int) -> ReviewRow:
    row = Reviews(database).find(number)
    assert row is not None
    return row


def decide(browser: Browser, number: int, **fields: str) -> None:
    browser.open(f"/teaching/{number}")
    browser.send(f"/teaching/{number}", **{"variety": "fr", **fields})


def test_a_message_comes_with_its_candidates_and_what_the_engine_marked(
    reviews: dict[str, int], signed_in: SignIn
) -> None:
    text = signed_in("reviewer").open(f"/teaching/{reviews[WORDS]}")

    offered = re.findall(r'value="intent:(\w+)" data-key="(\d)"', text)
    assert [("apply", "1"), ("track_application", "2")] == offered[:2]
    assert 5 == len(offered)
    assert 'name="mark" value="4-5-programme=asd"' in text


def test_a_hostile_message_stays_words(reviews: dict[str, int], signed_in: SignIn) -> None:
    text = signed_in("reviewer").open(f"/teaching/{reviews[HOSTILE]}")

    assert "<img src=x" not in text
    assert "&lt;img src=x" in text


def test_one_decides_and_a_second_who_was_told_nothing_agrees(
    reviews: dict[str, int], signed_in: SignIn, database: Database
) -> None:
    number = reviews[WORDS]
    reviewer, supervisor = signed_in("reviewer"), signed_in("supervisor")
    meant = {"verdict": "intent:track_application", "mark": "4-5-programme=asd"}

    decide(reviewer, number, **meant)
    assert "open" == found(database, number).state
    assert "Qui a décidé quoi" not in supervisor.open(f"/teaching/{number}")
    decide(supervisor, number, **meant)

    row = found(database, number)
    assert ("accepted", "track_application") == (row.state, row.settled_intent)
    assert [[4, 5, "programme", "asd"]] == row.settled_marks
    text = reviewer.open(f"/teaching/{number}")
    assert "Reviewer" in text
    assert "Supervisor" in text


def test_the_next_message_follows_until_none_is_left(
    reviews: dict[str, int], signed_in: SignIn
) -> None:
    browser = signed_in("reviewer")
    browser.open("/teaching/next")
    first = browser.path
    browser.send(first, verdict="nothing", variety="fr")
    assert first != browser.path
    browser.send(browser.path, verdict="discard", variety="fr")

    assert "/teaching" == browser.path


def test_a_skipped_message_is_not_offered_again_meanwhile(
    reviews: dict[str, int], signed_in: SignIn
) -> None:
    browser = signed_in("reviewer")
    browser.open("/teaching/next")
    number = browser.path.rpartition("/")[2]

    browser.open(f"/teaching/next?skip={number}")

    assert f"/teaching/{number}" != browser.path


def test_words_are_marked_by_ticking_them_without_a_script(
    reviews: dict[str, int], signed_in: SignIn, database: Database
) -> None:
    number = reviews[WORDS]

    decide(
        signed_in("reviewer"),
        number,
        verdict="other",
        other="track_benefit",
        word="4",
        means="programme=asd",
    )

    [kept] = Reviews(database).corrections(number)
    assert ("track_benefit", [[4, 5, "programme", "asd"]]) == (kept.intent, kept.marks)


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "intent:nlu_fallback"},
        {"verdict": "intent:erase_data"},
        {"verdict": "other", "other": "no_such_intent"},
        {"verdict": ""},
        {"verdict": "nothing", "variety": "latin"},
        {"verdict": "intent:apply", "mark": "0-99-programme=asd"},
        {"verdict": "intent:apply", "mark": "0-1-programme=no_such"},
        {"verdict": "intent:apply", "mark": "0-1-idcs=asd"},
        {"verdict": "intent:apply", "word": "0", "means": "reference"},
        {"verdict": "intent:apply", "mark": "x"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    reviews: dict[str, int], signed_in: SignIn, database: Database, fields: Any
) -> None:
    number = reviews[WORDS]
    browser = signed_in("reviewer")

    decide(browser, number, **fields)

    assert 400 == browser.status
    assert [] == Reviews(database).corrections(number)


def test_a_turn_of_a_conversation_is_put_into_the_queue(
    reviews: dict[str, int], signed_in: SignIn, database: Database
) -> None:
    browser = signed_in("reviewer")
    text = browser.open(f"/conversations/{found(database, reviews[HOSTILE]).conversation_id}")
    assert 'name="turn" value="t3"' in text

    browser.send("/teaching/ask", turn="t3")

    with database.reading() as session:
        reasons = {row.words: row.reason for row in session.scalars(sa.select(ReviewRow))}
    assert "labelled" == reasons["merci bien"]


def agreed(database: Database, number: int, words: str = "track_application") -> None:
    for staff in ("1", "2"):
        Reviews(database).decide(number, Decision(staff, "intent", words, "fr", ()))


def test_an_export_is_asked_for_measured_accepted_and_downloaded(
    reviews: dict[str, int],
    signed_in: SignIn,
    database: Database,
    settings: Any,
) -> None:
    agreed(database, reviews[WORDS])
    browser = signed_in("supervisor")
    browser.open("/teaching/exports")
    browser.send("/teaching/exports")
    path, batches = browser.path, Batches(database)
    number = int(path.rpartition("/")[2])
    queued = redis.Redis.from_url(settings.broker_url).lrange("celery", 0, -1)
    assert any(b"worker.teaching.measure" in one for one in queued)
    assert 404 == browser.client.get(f"{path}/change.zip").status_code
    scores = {"accuracy": 0.9, "macro_f1": 0.9, "entity_f1": 1.0, "fallback": 0.1}
    before = {"n": 10, "accepted_accuracy": 0.95, **scores}
    after = {**before, "accuracy": 0.92, "fallback": 0.2}
    report = {
        "before": {"files": {"fr": before}, "overall": before, "per_intent": {"apply": 0.5}},
        "after": {"files": {"fr": after}, "overall": after, "per_intent": {"apply": 0.75}},
        "taken": 1,
        "left_out": 0,
    }
    batches.begin(number)
    batches.measured(number, report, {})

    text = browser.open(path)
    assert "90.0 → 92.0" in text
    assert re.search(r'badge label"><bdi dir="ltr">\+2.0', text)
    assert re.search(r'badge bad"><bdi dir="ltr">\+10.0', text)
    assert re.search(r'badge label"><bdi dir="ltr">\+25.0', text)
    browser.send(f"{path}/accept")
    answer = browser.client.get(f"{path}/change.zip")
    patch = zipfile.ZipFile(io.BytesIO(answer.data)).read("training.patch").decode()
    assert f"+      - {WORDS}" in patch
    with database.reading() as session:
        events = list(session.scalars(sa.select(AuditRow.event).order_by(AuditRow.number)))
    assert ["teaching.asked", "teaching.accepted"] == events[-2:]


def test_what_is_not_measured_is_not_accepted_and_a_refused_one_gives_its_lines_back(
    reviews: dict[str, int], signed_in: SignIn, database: Database
) -> None:
    agreed(database, reviews[WORDS])
    browser = signed_in("supervisor")
    browser.open("/teaching/exports")
    browser.send("/teaching/exports")
    path = browser.path

    browser.send(f"{path}/accept")
    assert "Rien n&#39;a été changé" in browser.text
    browser.send(f"{path}/refuse")
    assert 1 == len(Reviews(database).accepted())
