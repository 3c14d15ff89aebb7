"""What Prometheus sees of the calls to the registry: names of operations and counts, no person.

One process has one client; what it counts stands in the process's own `/metrics`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import Counter, Gauge, Histogram

CALLS: Final = Counter(
    "twiza_registry_calls_total",
    "Calls to the registry by operation and how they ended",
    ["operation", "outcome"],
)
SECONDS: Final = Histogram(
    "twiza_registry_call_seconds",
    "How long a call took, its repetition included",
    ["operation"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0),
)
REPEATED: Final = Counter(
    "twiza_registry_repeated_total", "Attempts that were made once more", ["operation"]
)
IN_FLIGHT: Final = Gauge(
    "twiza_registry_calls_running", "Calls that run at this moment, by group", ["group"]
)
BREAKER: Final = Gauge(
    "twiza_registry_breaker",
    "1 for the state that the breaker of an operation is in",
    ["operation", "state"],
)
KEPT: Final = Counter(
    "twiza_registry_kept_answers_total",
    "Answers from what was kept: fresh enough not to ask, or stale because the registry was away",
    ["what", "age"],
)


def note_breaker(operation: str, state: str, states: Iterable[str]) -> None:
    """Show which of its states a breaker is in."""
    for one in states:
        BREAKER.labels(operation, one).set(one == state)
