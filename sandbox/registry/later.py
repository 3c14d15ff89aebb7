"""Answering what was acknowledged and is answered by a call: searches, and their status."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.registry import searches, transactions
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.envelope import Asked, read_message
from sandbox.registry.message_tables import Message, Outgoing

_AT_ONCE: Final = 50
_NOTHING_SECONDS: Final = 3600.0


def answer_queued(database: RegistryDatabase) -> None:
    """Answer what is ready; its answers wait to be posted from then on."""
    ready = select(Message).where(Message.queued, Message.ready_at <= time.time())
    with database.read() as session:
        if session.scalar(ready.limit(1)) is None:
            return
    with database.write() as session:
        for message in session.scalars(ready.order_by(Message.id).limit(_AT_ONCE)).all():
            asked = read_message(message.body["body"], message.action, message.body["requests"])
            answer = _ANSWERS[message.action](session, asked, message.correlation)
            post_later(session, answer, asked.callback)
            message.queued = False


def post_later(
    session: Session, message: dict[str, Any], address: str, after_seconds: float = 0.0
) -> None:
    """Have a message posted to whoever gave an address for it."""
    if address:
        action, due = message["header"]["action"], time.time() + after_seconds
        session.add(Outgoing(action=action, url=address, message=message, next_try=due))


def next_ready(database: RegistryDatabase) -> float:
    """Seconds until something is ready; an hour where nothing is queued."""
    with database.read() as session:
        first = session.scalar(select(func.min(Message.ready_at)).where(Message.queued))
    return _NOTHING_SECONDS if first is None else max(first - time.time(), 0.0)


def _search(session: Session, asked: Asked, correlation: str) -> dict[str, Any]:
    return searches.write_answer(asked, searches.answer_searches(session, asked), correlation)


_ANSWERS: Final[dict[str, Callable[[Session, Asked, str], dict[str, Any]]]] = {
    "search": _search,
    "txn-status": transactions.answer_status,
}
