"""Messages that came in: each once, and found again by those who ask what became of them."""

from __future__ import annotations

import time
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from sandbox.registry.envelope import Asked, MessageRefused, new_name
from sandbox.registry.message_tables import Message

_KEPT_SECONDS: Final = 3600.0
_SWEPT_EVERY: Final = 1000


def accept(
    session: Session,
    asked: Asked,
    requests: str,
    body: dict[str, Any],
    after_seconds: float = 0.0,
    is_queued: bool = False,
) -> str:
    """Keep a message, and return the correlation under which it is answered.

    Raises MessageRefused where the sender sent one of this name before.
    """
    now, correlation = time.time(), new_name()
    row = {
        "sender": asked.header["sender_id"],
        "name": asked.header["message_id"],
        "action": asked.action,
        "transaction": asked.transaction,
        "correlation": correlation,
        "body": {"requests": requests, "body": body},
        "queued": is_queued,
        "ready_at": now + after_seconds,
        "received_at": now,
    }
    new = insert(Message).values(**row).on_conflict_do_nothing().returning(Message.id)
    number = session.execute(new).scalar()
    if number is None:
        raise MessageRefused("rjct.message_id.duplicate")
    if number % _SWEPT_EVERY == 0:
        old = Message.received_at < now - _KEPT_SECONDS
        session.execute(delete(Message).where(old, Message.queued.is_(False)))
    return correlation


def find(session: Session, attribute: str, value: str, action: str) -> Message | None:
    """The last message of an action under a transaction, or under a correlation of ours."""
    column = Message.correlation if attribute == "correlation_id" else Message.transaction
    wanted = select(Message).where(column == value, Message.action == action)
    return session.scalars(wanted.order_by(Message.id.desc())).first()


def find_by_references(session: Session, references: list[str], action: str) -> Message | None:
    """The last message of an action that holds one of these references."""
    wanted = select(Message).where(Message.action == action).order_by(Message.id.desc()).limit(500)
    for message in session.scalars(wanted):
        if set(references) & set(_references(message)):
            return message
    return None


def is_final(message: Message) -> bool:
    """Whether the answer to a message can be told."""
    return time.time() >= message.ready_at


def _references(message: Message) -> list[str]:
    asked = message.body["body"]["message"].get(message.body["requests"])
    listed = asked if isinstance(asked, list) else [asked]
    return [str(one.get("reference_id")) for one in listed if isinstance(one, dict)]
