"""How the processes of a house share the machine."""

from __future__ import annotations

import os

import psutil
import pytest

from tests.end_to_end.running_house import RunningHouse

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="not Linux"),
]

# What each is known by on its command line. Of a gunicorn its children serve.
SERVING = {
    "door": "channels.app:",
    "engine": "bot/serve.py",
    "actions": "actions.server:",
    "worker": "worker.app worker",
}


def threads_of(house: RunningHouse, part: str) -> list[int]:
    """The threads of a server's processes that serve."""
    rows = psutil.Process(house.process.pid).children()
    server = next(row for row in rows if part in " ".join(row.cmdline()))
    serving = server.children() or [server]
    return [thread.id for process in serving for thread in process.threads()]


@pytest.mark.parametrize("part", SERVING.values(), ids=SERVING)
def test_whoever_serves_a_turn_interrupts_nobody(house: RunningHouse, part: str) -> None:
    policies = [os.sched_getscheduler(thread) for thread in threads_of(house, part)]

    assert policies
    assert {os.SCHED_BATCH} == set(policies)
