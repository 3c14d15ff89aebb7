"""Subscriptions to a person's changes: taken, ended, and what is told of either afterwards.

A call is acknowledged at once; the correlation of the acknowledgement is the subscription's code.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sandbox.registry.counter_tables import Subscription
from sandbox.registry.envelope import (
    BAD,
    Asked,
    MessageRefused,
    is_moment,
    is_name,
    now_with_zone,
    write_header,
)
from sandbox.registry.tables import Person

SUBSCRIBE: Final = "subscribe_request"
UNSUBSCRIBE: Final = "subscription_codes"
_ENDED: Final = "unsubscribe"


def check_subscribe(session: Session, asked: Asked) -> tuple[str, list[str]]:
    """Whose changes are asked for, and of which kinds. Raises MessageRefused."""
    kinds: dict[str, list[str]] = {}
    for request in asked.requests:
        idcs, kind = _read(request)
        kinds.setdefault(idcs, []).append(kind)
    if len(kinds) != 1:
        raise MessageRefused(BAD)
    [(idcs, told)] = kinds.items()
    if not idcs.isascii() or session.get(Person, idcs) is None:
        raise MessageRefused("err.request.not_found")
    return idcs, told


def subscribe(session: Session, asked: Asked, code: str) -> dict[str, Any]:
    """Keep a subscription under a code, and return what is told of it."""
    idcs, kinds = check_subscribe(session, asked)
    session.add(Subscription(code=code, idcs=idcs, kinds=kinds, told_at=asked.callback))
    told = [
        {
            "reference_id": request["reference_id"],
            "timestamp": now_with_zone(),
            "status": "succ",
            "subscriptions": [
                {
                    "code": code,
                    "status": "subscribe",
                    "timestamp": now_with_zone(),
                    "reg_event_type": request["subscribe_criteria"]["reg_event_type"],
                }
            ],
        }
        for request in asked.requests
    ]
    return _callback(asked, "on-subscribe", code, {"subscribe_response": told})


def check_unsubscribe(asked: Asked) -> list[str]:
    """The codes of what is to end. Raises MessageRefused."""
    if not is_moment(asked.message.get("timestamp")) or not all(map(is_name, asked.requests)):
        raise MessageRefused(BAD)
    return list(asked.requests)


def unsubscribe(session: Session, asked: Asked, correlation: str) -> dict[str, Any]:
    """End subscriptions, and return what is told of it; one that had ended is no error."""
    codes = check_unsubscribe(asked)
    known = set(session.scalars(select(Subscription.code).where(Subscription.code.in_(codes))))
    session.execute(delete(Subscription).where(Subscription.code.in_(codes)))
    told: dict[str, Any] = {
        "timestamp": now_with_zone(),
        "status": "succ" if known else "rjct",
        "subscription_status": [{"code": code, "status": _ENDED} for code in codes],
    }
    if not known:
        told["status_reason_code"] = "rjct.subscription_code.invalid"
    return _callback(asked, "on-unsubscribe", correlation, told)


def _read(request: Any) -> tuple[str, str]:
    if not isinstance(request, dict) or not is_name(request.get("reference_id")):
        raise MessageRefused(BAD)
    criteria = request.get("subscribe_criteria")
    if not is_moment(request.get("timestamp")) or not isinstance(criteria, dict):
        raise MessageRefused(BAD)
    match criteria:
        case {
            "filter": {"type": "UIN", "value": str(idcs)},
            "reg_event_type": str(kind),
            "notify_record_type": str(),
        } if criteria.get("filter_type", "idtype-value") == "idtype-value" and is_name(kind):
            return idcs, kind
    raise MessageRefused(BAD)


def _callback(asked: Asked, action: str, correlation: str, told: dict[str, Any]) -> dict[str, Any]:
    message = {"transaction_id": asked.transaction, "correlation_id": correlation}
    return {"header": write_header(asked, action, 1), "message": {**message, **told}}
