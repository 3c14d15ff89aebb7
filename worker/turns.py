"""Finishing turns that could not be answered within the provider's deadline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import redis

from channels.deadline import Said
from channels.owed import answer_cause
from core.errors import ConversationBusy, EngineError, StoreUnavailable
from core.messages import ChannelKind, Content, InboundMessage, Media, SessionEvent
from core.tasks import open_task
from worker.app import app
from worker.deliveries import hand_over
from worker.house import House, house

# The engine may be away for hours; what was accepted is answered when it is back.
_PATIENT: dict[str, Any] = {
    "autoretry_for": (EngineError, ConversationBusy, StoreUnavailable, redis.RedisError),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "retry_jitter": True,
    "max_retries": None,
}


@app.task(name="worker.turns.finish", **_PATIENT)
def finish(argument: str) -> None:
    """Finish what is still owed to a number and send it."""
    given = open_task(house().seal, argument)
    provider = house().channels[given["channel"]]
    inbound = InboundMessage(
        given["channel"], provider.kind, given["number"], "", datetime.now(UTC)
    )
    # The same for the same task, should it run twice.
    cause = house().pseudonyms.event(f"end of {argument}")
    said = house().conversations.finish(given["channel"], provider, inbound, cause)
    give(given["channel"], given["number"], said, cause)


@app.task(name="worker.turns.take", **_PATIENT)
def take(argument: str) -> None:
    """Take a message that came while an earlier turn still ran, and send its answer."""
    given = open_task(house().seal, argument)
    provider = house().channels[given["channel"]]
    inbound = _inbound(given["message"])
    said = house().conversations.take(given["channel"], provider, inbound)
    give(given["channel"], inbound.number, said, cause_of(house(), given["channel"], inbound))


def give(channel: str, number: str, said: Said, cause: str) -> None:
    """Put out what a turn said, which is owed no more then."""
    if said.texts:
        hand_over(channel, number, said, cause)
        house().conversations.given(cause)


def cause_of(house: House, channel: str, inbound: InboundMessage) -> str:
    """What the late answer to a message is named by in the outbox."""
    number_key = house.pseudonyms.number(inbound.number)
    return answer_cause(house.pseudonyms, channel, number_key, inbound.message_id, is_late=True)


def _inbound(value: dict[str, Any]) -> InboundMessage:
    return InboundMessage(
        **{
            **value,
            "kind": ChannelKind(value["kind"]),
            "content": Content(value["content"]),
            "session_event": SessionEvent(value["session_event"]),
            "received_at": datetime.fromisoformat(value["received_at"]),
            "media": tuple(Media(**one) for one in value.get("media", ())),
        }
    )
