"""When a process gets a processor: as often as before, but it interrupts nobody as it wakes.

A turn passes through several servers on one machine, each of which wakes the next by writing to it.
By its usual policy Linux stops whoever wrote for whoever wakes, so that most writings end in a
change of processes with cold caches. Under SCHED_BATCH the writer goes on until it waits itself.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Final

# Only Linux has it.
_BATCH: Final = getattr(os, "SCHED_BATCH", None)


def interrupt_nobody() -> None:
    """Have this thread, and all that it starts, begin once who runs has waited or had their share.

    Where that is not allowed, or unknown, all stays as it is.
    """
    if _BATCH is None:
        return
    with suppress(OSError):
        os.sched_setscheduler(0, _BATCH, os.sched_param(0))
