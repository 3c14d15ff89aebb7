"""What was recorded reaches the transcripts once, whatever stands in its way."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import redis
import sqlalchemy as sa

from core.recorded import (
    ENGINE_STREAM,
    LETTER,
    STREAM,
    TURN,
    UNDERSTOOD,
    UNFINISHED,
    close_record,
)
from core.tasks import close_task
from records.clock import utc_now
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_letter, a_turn
from tests.unit.worker.workshop import Workshop
from transcripts.tables import LetterRow, TurnRow


def leave(shop: Workshop, kind: str, value: bytes) -> None:
    shop.archive.archive().store.xadd(STREAM, {kind: close_record(shop.seal, value)})


def kept(shop: Workshop, table: Any = TurnRow) -> list[Any]:
    with shop.database.reading() as session:
        return list(session.scalars(sa.select(table).order_by(table.id)))


def waiting(shop: Workshop) -> int:
    return int(shop.archive.archive().store.xlen(STREAM))


def test_all_that_waits_is_written_and_leaves_the_stream(workshop: Workshop) -> None:
    for number in range(3):
        leave(workshop, TURN, a_turn(f"k{number}").to_json())
    leave(workshop, LETTER, a_letter("l", text="Votre demande est acceptée").to_json())
    workshop.recording.record()

    assert ["k0", "k1", "k2"] == [turn.key for turn in kept(workshop)]
    assert ["Votre demande est acceptée"] == [one.text for one in kept(workshop, LetterRow)]
    assert 0 == waiting(workshop)


def test_a_turn_that_died_with_its_door_is_written_once_it_can_run_no_more(
    workshop: Workshop,
) -> None:
    store, now = workshop.archive.archive().store, utc_now()
    for key, minutes in (("runs", 0), ("died", 10)):
        turn = a_turn(key, now - timedelta(minutes=minutes), outcome="late")
        store.hset(UNFINISHED, key, close_record(workshop.seal, turn.to_json()))
    workshop.recording.record()

    assert [("died", "late")] == [(turn.key, turn.outcome) for turn in kept(workshop)]
    assert [b"runs"] == store.hkeys(UNFINISHED)


def test_what_is_unreadable_holds_up_nothing(workshop: Workshop) -> None:
    workshop.archive.archive().store.xadd(STREAM, {TURN: b"nothing of ours"})
    leave(workshop, TURN, b"{}")
    leave(workshop, TURN, a_turn("k").to_json())
    workshop.recording.record()

    assert ["k"] == [turn.key for turn in kept(workshop)]
    assert 0 == waiting(workshop)


def test_nothing_is_lost_while_another_worker_records(workshop: Workshop) -> None:
    own = workshop.archive.archive()
    leave(workshop, TURN, a_turn("k").to_json())
    lock = own.store.lock("recording", timeout=5)
    assert lock.acquire(blocking=False)
    workshop.recording.record()
    while_locked = waiting(workshop)
    lock.release()
    workshop.recording.record()

    assert 1 == while_locked
    assert ["k"] == [turn.key for turn in kept(workshop)]


def test_what_the_engine_made_of_a_turn_joins_it(workshop: Workshop) -> None:
    engine: redis.Redis = workshop.archive.archive().engine_store
    made = {"key": "k", "intent": "apply", "confidence": 0.9, "actions": ["action_x"]}
    engine.xadd(ENGINE_STREAM, {UNDERSTOOD: json.dumps(made)})
    engine.xadd(ENGINE_STREAM, {UNDERSTOOD: "no JSON"})
    leave(workshop, TURN, a_turn("k").to_json())
    workshop.recording.record()

    (turn,) = kept(workshop)
    assert ("apply", 0.9, ["action_x"]) == (turn.intent, turn.confidence, turn.actions)
    assert 0 == engine.xlen(ENGINE_STREAM)


def test_an_erasure_forgets_what_still_waits_too(workshop: Workshop) -> None:
    leave(workshop, TURN, a_turn("one").to_json())
    leave(workshop, TURN, a_turn("two", number_key=HASSAN).to_json())
    workshop.erasing.erase(close_task(workshop.seal, {"number_key": FATIMA}))

    assert ["two"] == [turn.key for turn in kept(workshop)]
