"""Subscriptions to a person's changes: `/registry/subscribe` and `/registry/unsubscribe`.

A call is acknowledged at once; the correlation of the acknowledgement is the subscription's code.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from sandbox.registry.counter_tables import Subscription
from sandbox.registry.envelope import now_with_zone
from sandbox.registry.tables import Person


def subscribe(session: Session, requests: list[Any]) -> dict[str, Any]:
    """Keep a subscription for every person and kind asked for, under one code."""
    kinds: dict[str, list[str]] = {}
    for request in requests:
        criteria = request.get("subscribe_criteria") if isinstance(request, dict) else None
        criteria = criteria if isinstance(criteria, dict) else {}
        asked, kind = criteria.get("filter"), criteria.get("reg_event_type")
        if not isinstance(asked, dict) or asked.get("type") != "UIN" or not isinstance(kind, str):
            return acknowledge("err.request.bad")
        kinds.setdefault(str(asked.get("value", "")), []).append(kind)
    if len(kinds) != 1:
        return acknowledge("err.request.bad")
    [(idcs, told)] = kinds.items()
    if not idcs.isascii() or session.get(Person, idcs) is None:
        return acknowledge("err.request.not_found")
    code = uuid.uuid4().hex
    session.add(Subscription(code=code, idcs=idcs, kinds=told))
    return acknowledge(correlation=code)


def unsubscribe(session: Session, codes: list[Any]) -> dict[str, Any]:
    """End subscriptions; one that has ended already is no error."""
    known = [code for code in codes if isinstance(code, str)]
    session.execute(delete(Subscription).where(Subscription.code.in_(known)))
    return acknowledge()


def acknowledge(error: str = "", correlation: str = "") -> dict[str, Any]:
    """An acknowledgement, or the refusal of a call with an error code of the standard."""
    message: dict[str, Any] = {
        "ack_status": "ERR" if error else "ACK",
        "timestamp": now_with_zone(),
        "correlation_id": correlation or uuid.uuid4().hex,
    }
    return {"message": message | ({"error": {"code": error, "message": error}} if error else {})}
