"""What is counted of a bind; nothing in it tells of a citizen."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

BOUND: Final = Gauge("twiza_smpp_bound", "1 while bound to the SMSC")
BINDS: Final = Counter("twiza_smpp_binds_total", "Tries to bind", ["outcome"])
HOPS: Final = Counter("twiza_smpp_hops_total", "Hops delivered", ["event"])
ANSWERS: Final = Counter("twiza_smpp_answers_total", "Answers", ["outcome"])
TURN_SECONDS: Final = Histogram(
    "twiza_smpp_answer_seconds",
    "From a hop to its confirmed answer",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 6, 10),
)
