"""What the door hands to the worker is sealed, and no task of the door is without a taker."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import worker as queue
from core.errors import TokenRefused
from core.privacy import Seal
from core.tasks import close_task, open_task
from tests.builders import IDCS, KEY, NUMBER
from tests.unit.worker.workshop import Workshop

VALUE = {"channel": "sms", "number": NUMBER, "text": f"mon idcs {IDCS}"}


@given(st.dictionaries(st.text(), st.text() | st.none() | st.booleans() | st.integers(-9, 9)))
def test_what_is_closed_opens_the_same(value: dict[str, object]) -> None:
    assert value == open_task(Seal(KEY), close_task(Seal(KEY), value))


def test_a_closed_argument_cannot_be_read() -> None:
    argument = close_task(Seal(KEY), VALUE)
    raw = base64.b64decode(argument)

    for secret in (IDCS, NUMBER, "idcs", "channel"):
        assert secret not in argument
        assert secret.encode() not in raw
    assert argument != close_task(Seal(KEY), VALUE)


def test_a_closed_argument_opens_under_its_own_key_alone() -> None:
    with pytest.raises(TokenRefused):
        open_task(Seal(bytes(32)), close_task(Seal(KEY), VALUE))


def test_an_argument_of_another_context_is_refused() -> None:
    copied = base64.b64encode(Seal(KEY).close(b"{}", "door:ussd-a")).decode()

    with pytest.raises(TokenRefused):
        open_task(Seal(KEY), copied)


def test_every_task_the_door_queues_has_a_taker(workshop: Workshop) -> None:
    assert {queue.FINISH, queue.TAKE, queue.DELIVER, queue.GIVE} <= set(workshop.app.app.tasks)


def test_what_is_swept_up_waits_behind_nothing_that_citizens_set_off(workshop: Workshop) -> None:
    app = workshop.app.app
    taken = app.amqp.queues.consume_from.keys()

    assert {"celery", "reports", "schedule"} == set(taken)
    assert {"schedule"} == {entry["options"]["queue"] for entry in app.conf.beat_schedule.values()}


def test_a_task_is_done_when_its_work_is(workshop: Workshop) -> None:
    conf = workshop.app.app.conf

    assert (True, True, True) == (
        conf.task_acks_late,
        conf.task_reject_on_worker_lost,
        conf.task_ignore_result,
    )


@pytest.mark.parametrize("name", [queue.FINISH, queue.TAKE, queue.DELIVER])
def test_what_can_come_back_is_waited_for_without_end(workshop: Workshop, name: str) -> None:
    task = workshop.app.app.tasks[name]

    assert task.max_retries is None
    assert 60 == task.retry_backoff_max
