"""When a correction holds: staff agree with the engine, or two of them with each other. No I/O.

Who agrees with the engine needs no second. Who differs from it waits for one: where the second
decides alike it is accepted, else a supervisor decides. That there is nothing to learn, or that a
message holds personal data, is taken at one word, because nothing is trained on it then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

INTENT: Final = "intent"
NOTHING: Final = "nothing"
DISCARD: Final = "discard"
VERDICTS: Final = (INTENT, NOTHING, DISCARD)

OPEN: Final = "open"
DISPUTED: Final = "disputed"
ACCEPTED: Final = "accepted"
EXPORTED: Final = "exported"
DISCARDED: Final = "discarded"

State = Literal["open", "disputed", "accepted", "exported", "nothing", "discarded"]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Words of a message, from one place to before another, and what they mean."""

    begin: int
    end: int
    entity: str
    value: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What one of the staff decided; `is_final` where they may decide alone."""

    staff: str
    verdict: str
    intent: str
    variety: str
    marks: tuple[Mark, ...]
    is_final: bool = False

    @property
    def meant(self) -> tuple[str, str, str, tuple[Mark, ...]]:
        """What two who agree have in common."""
        if self.verdict != INTENT:
            return self.verdict, "", "", ()
        return self.verdict, self.intent, self.variety, tuple(sorted(self.marks))

    def is_as_understood(self, intent: str, entities: Sequence[Sequence[str]]) -> bool:
        """True where the engine meant the same: its intent, and each value that was marked."""
        found = {(one[0], one[1]) for one in entities if one[0] in ("programme", "language")}
        marked = {(one.entity, one.value) for one in self.marks if one.entity != "reference"}
        return self.verdict == INTENT and self.intent == intent and found == marked


def settle(
    decisions: Sequence[Decision], intent: str, entities: Sequence[Sequence[str]]
) -> tuple[State, Decision | None]:
    """The state after these decisions, in their order, and the one that holds.

    Of each of the staff the last counts. `intent` and `entities` are what the engine understood.
    """
    latest = list({one.staff: one for one in decisions}.values())
    for one in latest:
        if one.verdict == DISCARD:
            return DISCARDED, one
    final = next((one for one in reversed(decisions) if one.is_final), None)
    if final is not None and len(latest) > 1:
        return (ACCEPTED if final.verdict == INTENT else "nothing"), final
    if not latest:
        return OPEN, None
    first = latest[0]
    if len(latest) == 1:
        if first.verdict == NOTHING:
            return "nothing", first
        if first.is_as_understood(intent, entities):
            return ACCEPTED, first
        return OPEN, None
    for place, one in enumerate(latest):
        if any(one.meant == other.meant for other in latest[place + 1 :]):
            return (ACCEPTED if one.verdict == INTENT else "nothing"), one
    return DISPUTED, None
