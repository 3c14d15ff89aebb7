"""Which new inputs a USSD hop brings, given what was typed before. No I/O.

A cumulative dialect repeats everything typed in the session at each hop, joined by `*`; what was
typed before is cut off by its length, so that an answer may itself hold a `*`.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.messages import ChannelKind, InboundMessage, SessionEvent

# More digits than anybody dials behind a service code; the rest is not read.
_MOST_DIALLED = 10


@dataclass(frozen=True, slots=True)
class Hop:
    """The inputs not read yet, whether a session begins, and the text typed so far.

    `is_stale` marks a hop that comes after a later one; it changes nothing.
    """

    inputs: tuple[str, ...] = ()
    is_new: bool = False
    typed: str = ""
    is_stale: bool = False


def read_hop(
    inbound: InboundMessage, session: str, known_session: str, typed: str, step: int = 0
) -> Hop:
    """Reduce a message to its new inputs.

    `session` is the key of its session, `known_session`, `typed` and `step` what the conversation
    remembers. The first hop of a session may bring the digits dialled behind the service code,
    also where it comes from a gateway that sends the last input alone.
    """
    if inbound.kind is not ChannelKind.USSD:
        return Hop((inbound.text,))
    if session == known_session and 0 < inbound.step < step:
        return Hop(is_stale=True, typed=typed)
    is_new = inbound.session_event is SessionEvent.NEW or session != known_session
    if is_new:
        text = inbound.text if inbound.opening is None else inbound.opening
        if inbound.opening is None and not _may_be_dialled(inbound):
            # It answers a screen that nobody remembers: the call opens, and nothing is read.
            text = ""
        dialled = [part for part in text.split("*") if part][:_MOST_DIALLED]
        return Hop(tuple(dialled), True, inbound.text if inbound.cumulative else "")
    if not inbound.cumulative:
        return Hop((inbound.text,))
    if not typed and inbound.text:
        # A star in front is what an empty first answer, which repeats the opening, leaves behind.
        return Hop((inbound.text.removeprefix("*"),), False, inbound.text)
    if inbound.text.startswith(f"{typed}*"):
        return Hop((inbound.text[len(typed) + 1 :],), False, inbound.text)
    return Hop(is_stale=True, typed=typed)


def _may_be_dialled(inbound: InboundMessage) -> bool:
    return inbound.cumulative or inbound.session_event is SessionEvent.NEW
