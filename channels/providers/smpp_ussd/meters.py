"""What is counted of a bind; nothing in it tells of a citizen."""

from __future__ import annotations

from typing import Final

from core.messages import SessionEvent
from core.meters import Names, counters, gauge, histogram

EVENTS: Final = Names(*SessionEvent)
ENDS: Final = Names(
    *("confirmed", "repeat", "over", "lost", "refused"),
    *(f"not_taken_{why}" for why in ("code", "unreadable", "closing", "busy")),
)

BOUND: Final = gauge("twiza_smpp_bound", "1 while bound to the SMSC", "livesum")
BINDS: Final = counters("twiza_smpp_binds_total", "Tries to bind", outcome=Names("bound", "failed"))
HOPS: Final = counters("twiza_smpp_hops_total", "Hops delivered", event=EVENTS)
ANSWERS: Final = counters("twiza_smpp_answers_total", "Answers", outcome=ENDS)
TURN_SECONDS: Final = histogram(
    "twiza_smpp_answer_seconds",
    "From a hop to its confirmed answer",
    (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 6, 10),
)
