"""A task goes on with the trace in which it was asked for, and is counted as it ended."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, cast

import pytest
import redis
from prometheus_client import REGISTRY

from core.privacy import Seal
from core.tasks import USUAL, Tasks
from core.tracing import HEADER, begin, go_on, trace_id, traceparent
from tests.builders import KEY
from tests.redis_server import RedisServer
from tests.unit.worker.workshop import Workshop

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def ended(task: str, outcome: str) -> float:
    """How often a task ended so."""
    labels = {"task": task, "outcome": outcome}
    return REGISTRY.get_sample_value("twiza_worker_tasks_total", labels) or 0.0


@pytest.fixture
def app(workshop: Workshop) -> Any:
    """The worker's Celery, and a task that notes its trace or fails."""
    app = workshop.app.app
    import_module("worker.meters").TASKS.learn(["test.noted"])

    @app.task(name="test.noted", shared=False)  # type: ignore[untyped-decorator]
    def noted(is_well: bool) -> str:
        if not is_well:
            raise ValueError("not well")
        return traceparent()

    yield app
    del app.tasks["test.noted"]


def test_a_task_is_asked_for_in_the_trace_of_its_hop(
    redis_server: RedisServer, store: redis.Redis
) -> None:
    url = redis_server.url.removesuffix("/0") + "/1"
    begin()
    Tasks("door", url, Seal(KEY)).queue("worker.deliveries.deliver", {"channel": "sms"})
    waiting = cast("bytes", redis.Redis.from_url(url).lindex(USUAL, 0))

    assert traceparent() == json.loads(waiting)["headers"][HEADER]


def test_what_is_asked_for_outside_of_any_trace_names_none(
    redis_server: RedisServer, store: redis.Redis
) -> None:
    url = redis_server.url.removesuffix("/0") + "/1"
    go_on("")
    Tasks("door", url, Seal(KEY)).queue("worker.deliveries.drain")
    waiting = cast("bytes", redis.Redis.from_url(url).lindex(USUAL, 0))

    assert HEADER not in json.loads(waiting)["headers"]


def test_a_task_goes_on_with_the_trace_it_was_asked_for_in(app: Any) -> None:
    well, failed = ended("test.noted", "success"), ended("test.noted", "failure")
    task = app.tasks["test.noted"]

    assert GIVEN == task.apply((True,), headers={HEADER: GIVEN}).get()
    assert well + 1 == ended("test.noted", "success")
    task.apply((False,), headers={HEADER: GIVEN})
    assert failed + 1 == ended("test.noted", "failure")


def test_a_task_without_one_begins_its_own(app: Any) -> None:
    begin()
    before = trace_id()
    own = app.tasks["test.noted"].apply((True,)).get()

    assert 55 == len(own)
    assert before not in own
