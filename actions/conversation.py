"""Whose conversation an action serves, read from the engine's tracker."""

from __future__ import annotations

from dataclasses import dataclass

from rasa_sdk import Tracker

from core.messages import ChannelKind


@dataclass(frozen=True, slots=True)
class Conversation:
    """The conversation of a number on a kind of channel.

    `identity` is the conversation id `<kind>-<number key>` the door made, `session` the key of the
    USSD session the message came in (empty elsewhere). `goes_on` tells that the citizen wants to
    go on where the call before this one broke off.
    """

    identity: str
    kind: ChannelKind
    number_key: str
    language: str
    session: str
    goes_on: bool = False


def conversation_of(tracker: Tracker) -> Conversation:
    """The conversation a tracker belongs to."""
    kind, _, number_key = tracker.sender_id.partition("-")
    metadata = tracker.latest_message.get("metadata") or {}
    return Conversation(
        tracker.sender_id,
        ChannelKind(kind),
        number_key,
        tracker.get_slot("language") or "",
        metadata.get("session", ""),
        bool(metadata.get("goes_on")),
    )
