"""Whoever serves a turn goes on while those it writes to wake."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_THREAD = """
import os, threading
from core.scheduling import interrupt_nobody

before = threading.get_native_id()
interrupt_nobody()
told = []
thread = threading.Thread(target=lambda: told.append(os.sched_getscheduler(0)))
thread.start()
thread.join()
print(os.sched_getscheduler(before), told[0], os.nice(0))
"""
_UNKNOWN = """
import os
del os.SCHED_BATCH
from core.scheduling import interrupt_nobody

interrupt_nobody()
print("goes on")
"""
_FORBIDDEN = """
import os
from core.scheduling import interrupt_nobody

def refuse(*_):
    raise PermissionError

os.sched_setscheduler = refuse
interrupt_nobody()
print("goes on")
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="not Linux")


def printed(program: str) -> list[str]:
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return told.stdout.split()


def test_a_process_and_the_threads_it_starts_interrupt_nobody_and_lose_no_share() -> None:
    batch = str(os.SCHED_BATCH)

    assert [batch, batch, str(os.nice(0))] == printed(_THREAD)


@pytest.mark.parametrize("program", [_UNKNOWN, _FORBIDDEN], ids=["unknown", "forbidden"])
def test_where_that_cannot_be_a_process_goes_on(program: str) -> None:
    assert ["goes", "on"] == printed(program)
