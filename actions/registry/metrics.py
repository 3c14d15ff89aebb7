"""What Prometheus sees of the calls to the registry: names of operations and counts, no person.

One process has one client; what it counts stands in the process's own `/metrics`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.meters import Names, counters, gauges, histograms

OPERATIONS: Final = Names(
    *("records.social", "records.beneficiary", "records.status", "records.enrolled"),
    *("payments.search", "payments.status"),
    *("subscriptions.begin", "subscriptions.end"),
    *("codes.begin", "codes.send", "codes.check"),
    *("appointments.search", "appointments.status"),
    *("applications.search", "complaints.search", "documents.search"),
    *("programmes.search", "offices.search"),
    *(f"handed_in.{what}" for what in ("applications", "complaints", "contacts", "documents")),
    *("handed_in.announce", "handed_in.book"),
)
GROUPS: Final = Names(
    *("records", "payments", "subscriptions", "codes", "appointments", "applications"),
    *("complaints", "documents", "programmes", "offices", "handed_in"),
)
OUTCOMES: Final = Names("answered", "unavailable", "timeout", "refused", "unreadable", "failed")
STATES: Final = Names("closed", "half-open", "open")

CALLS: Final = counters(
    "twiza_registry_calls_total",
    "Calls to the registry by operation and how they ended",
    operation=OPERATIONS,
    outcome=OUTCOMES,
)
SECONDS: Final = histograms(
    "twiza_registry_call_seconds",
    "How long a call took, its repetition included",
    (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0),
    operation=OPERATIONS,
)
REPEATED: Final = counters(
    "twiza_registry_repeated_total", "Attempts that were made once more", operation=OPERATIONS
)
IN_FLIGHT: Final = gauges(
    "twiza_registry_calls_running",
    "Calls that run at this moment, by group",
    "livesum",
    group=GROUPS,
)
BREAKER: Final = gauges(
    "twiza_registry_breaker",
    "1 for the state that the breaker of an operation is in",
    "livesum",
    operation=OPERATIONS,
    state=STATES,
)
KEPT: Final = counters(
    "twiza_registry_kept_answers_total",
    "Answers from what was kept: fresh enough not to ask, or stale because the registry was away",
    what=Names("offices", "programmes"),
    age=Names("fresh", "stale"),
)


def note_breaker(operation: str, state: str, states: Iterable[str]) -> None:
    """Show which of its states a breaker is in."""
    for one in states:
        BREAKER.labels(operation, one).set(one == state)
