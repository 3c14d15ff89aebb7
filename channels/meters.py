"""What is counted of the door; nothing in it tells of a citizen."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

HOPS: Final = Counter(
    "twiza_door_hops_total",
    "Messages and hops by how they were answered: answered, late, busy, shed, not_taken, failed",
    ["kind", "outcome"],
)
SECONDS: Final = Histogram(
    "twiza_door_hop_seconds",
    "From a message or hop to its answer",
    ["kind"],
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 10),
)
SEGMENTS: Final = Counter(
    "twiza_sms_segments_total",
    "Parts of SMS that went out, which the carrier counts and is paid for",
    ["channel", "purpose"],
)
RUNNING: Final = Gauge("twiza_door_turns_running", "Turns that run, late ones included")
WAITING: Final = Gauge("twiza_door_turns_waiting", "Turns that wait for their beginning")
EXPECTED_WAIT: Final = Gauge(
    "twiza_door_expected_wait_seconds", "How long the last turn was expected to wait"
)
