"""What a hop pays for being watched: its trace, its counts and the field of its log lines.

Nothing else of a hop is run. Each part is done again and again in one thread, with spans off, and
the best of the rounds is taken: microseconds of processor time. What the engine pays is not in it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from benchmarks.table import lines_up
from channels.meters import ENGINE_SECONDS, KEYS, note_turn
from core.tracing import HEADER, serving, span, take_up, traceparent
from core.vault import SEALED
from records.audit import ADDED
from transcripts.turns import RecordedTurn

_TIMES: Final = 20_000
_ROUNDS: Final = 9
_SHOWN: Final = ("utter_rnp_registered", "utter_what_next")
_HEADERS: Final = {"Content-Type": "application/json"}
_NO_REGISTRY: Final = CollectorRegistry()
_HOPS: Final = Counter("hops", "", ["kind", "outcome"], registry=_NO_REGISTRY)
_SECONDS: Final = Histogram("seconds", "", ["kind"], registry=_NO_REGISTRY)


def run() -> int:
    """Measure, and print the table; 0."""
    KEYS.learn(_SHOWN)
    turn = RecordedTurn("k", "n", "n", "ussd", "ussd", "twilio", datetime.now(UTC))
    turn.language, turn.keys = "fr", list(_SHOWN)
    given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"

    def door_trace() -> None:
        with serving("door.call"):
            copy_context().run(lambda: None)
            with span("door.tell_engine", "client"):
                {**_HEADERS, HEADER: traceparent()}

    def door_counts() -> None:
        note_turn("ussd", turn, "answered", 0.05)
        ENGINE_SECONDS.observe(0.03)
        SEALED.labels("idcs", "sealed").inc()

    def counts_of_before() -> None:
        _HOPS.labels("ussd", "answered").inc()
        _SECONDS.labels("ussd").observe(0.05)

    def actions_trace() -> None:
        take_up(given)
        with span("actions.run", action="action_home"):
            pass
        with span("registry.ask", "client", operation="records.social"):
            {**_HEADERS, HEADER: traceparent()}

    def actions_counts() -> None:
        SEALED.labels("idcs", "opened").inc()
        ADDED.labels("disclosure.registration".partition(".")[0]).inc()

    parts: dict[str, Callable[[], None]] = {
        "door: trace": door_trace,
        "door: counts": door_counts,
        "door: the two counts there were before": counts_of_before,
        "actions: trace": actions_trace,
        "actions: counts": actions_counts,
    }
    logging.disable()
    rows = [["of a hop", "CPU µs"]]
    rows += [[name, f"{_microseconds(part):.1f}"] for name, part in parts.items()]
    print(lines_up(rows))
    return 0


def _microseconds(part: Callable[[], None]) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        began = time.process_time()
        for _ in range(_TIMES):
            part()
        best = min(best, time.process_time() - began)
    return best / _TIMES * 1e6
