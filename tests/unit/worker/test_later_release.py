"""A worker beside one of a later release leaves to it what only that one can do."""

from __future__ import annotations

import base64
from dataclasses import replace
from importlib import import_module
from typing import Any, cast

import pytest
from celery.exceptions import Retry

from channels.owed import OWED
from core.editions import MEMORY
from core.errors import WrittenLater
from core.recorded import STREAM, TURN, UNFINISHED, close_record
from tests.contract.transcripts.conftest import a_turn
from tests.unit.worker.test_recording import kept, leave, waiting
from tests.unit.worker.test_tasks import VALUE
from tests.unit.worker.workshop import Workshop
from worker.patience import PatientConsumer

LATER = replace(MEMORY, latest=2, writes=2)


def test_records_of_a_later_release_stay_and_hold_up_nothing(workshop: Workshop) -> None:
    leave(workshop, TURN, LATER.dumps({"of": "another release"}))
    leave(workshop, TURN, a_turn("k").to_json())
    sealed = close_record(workshop.seal, LATER.dumps({}))
    workshop.archive.archive().store.hset(UNFINISHED, "u", sealed)
    workshop.recording.record()
    workshop.recording.record()

    assert ["k"] == [turn.key for turn in kept(workshop)]
    assert 1 == waiting(workshop)
    assert [b"u"] == workshop.archive.archive().store.hkeys(UNFINISHED)


def test_a_stream_full_of_what_stays_is_read_to_its_end(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop.recording, "_AT_ONCE", 2)
    for _ in range(5):
        leave(workshop, TURN, LATER.dumps({}))
    leave(workshop, TURN, a_turn("k").to_json())
    workshop.recording.record()

    assert ["k"] == [turn.key for turn in kept(workshop)]
    assert 5 == workshop.archive.archive().store.xlen(STREAM)


def test_what_is_owed_stays(workshop: Workshop) -> None:
    store = workshop.house.house().store
    store.hset(OWED, "c", workshop.seal.close(LATER.dumps({}), OWED))
    workshop.owed.give()

    assert [b"c"] == store.hkeys(OWED)


def test_a_message_goes_when_a_worker_can_read_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: object) -> None:
        raise WrittenLater("a message")

    sending = import_module("worker.sending")
    with monkeypatch.context() as patch:
        patch.setattr(sending, "open_message", unread)
        patch.setattr(sending, "_LATER_SECONDS", 0.0)
        patch.setattr(workshop.deliveries, "_AT_ONCE", 1)
        workshop.app.app.conf.task_always_eager = False
        patch.setattr(workshop.deliveries.drain, "delay", lambda: None)
        workshop.deliver("Bonjour")
        workshop.deliveries.drain()
    assert [] == workshop.twilio.taken
    workshop.deliveries.drain()

    assert ["Bonjour"] == [text for _, text in workshop.twilio.taken]


def test_a_task_of_a_later_release_is_tried_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    argument = base64.b64encode(workshop.seal.close(LATER.dumps(VALUE), "worker")).decode()
    task = import_module("worker.revealing").reveal
    put_off: list[dict[str, Any]] = []

    def retry(**named: Any) -> Retry:
        put_off.append(named)
        return Retry()

    monkeypatch.setattr(task, "retry", retry)
    task.push_request(called_directly=False)
    try:
        with pytest.raises(Retry):
            task(argument)
    finally:
        task.pop_request()

    assert put_off[0]["countdown"] > 0
    assert put_off[0]["max_retries"] > 1000


def test_a_task_that_only_a_later_release_knows_goes_back(workshop: Workshop) -> None:
    class Timer:
        def call_after(self, seconds: float, work: Any) -> None:
            assert seconds > 0
            work()

    class Message:
        requeued = 0

        def requeue(self) -> None:
            self.requeued += 1

    consumer: Any = PatientConsumer.__new__(PatientConsumer)
    consumer.timer, message = Timer(), Message()
    consumer.on_unknown_task(None, cast("Any", message), KeyError("worker.of.later"))

    assert 1 == message.requeued
    assert "worker.patience:PatientConsumer" == workshop.app.app.conf.worker_consumer
