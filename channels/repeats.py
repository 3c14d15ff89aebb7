"""Which message is a delivery of one that came before, and what it is answered."""

from __future__ import annotations

from channels.arrival import Arrival
from channels.deadline import Said
from channels.memory import Memory
from core.messages import SessionEvent


def is_repeated(arrival: Arrival, memory: Memory, was_seen: bool) -> bool:
    """True for a delivery that must move nothing.

    Where its id is only a digest, the same id is the same message while the first is unanswered, or
    for a while after its answer. What its clock answered is shown by the next hop before anything
    is read, so that one needs no such while.
    """
    inbound = arrival.inbound
    known = memory.answers.get(arrival.message)
    if not inbound.repeat_window_seconds:
        # Some gateways give a new call the name of an old one.
        begins_again = inbound.session_event is SessionEvent.NEW and known is None
        return was_seen and not begins_again
    if known is None:
        return False
    window = 0.0 if known.is_late else inbound.repeat_window_seconds
    return inbound.received_at.timestamp() <= known.at + window


def said_before(arrival: Arrival, memory: Memory) -> Said:
    """The answer that a repeated message got, or where the call stands now."""
    known = memory.answers.get(arrival.message)
    if known and not known.is_late:
        return Said(known.texts, known.is_open)
    if arrival.is_ussd:
        return Said((memory.shown.text,), not memory.shown.ends)
    return Said()
