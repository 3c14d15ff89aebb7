"""What changed, told to whoever subscribed: events of `/registry/notify`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry import clock
from sandbox.registry.counter_tables import Subscription
from sandbox.registry.envelope import VERSION, now_with_zone
from sandbox.registry.message_tables import Outgoing
from sandbox.registry.programmes import programme

INDEX_CHANGED: Final = "index_changed"
NOTIFY: Final = "notify"


def note(
    session: Session, household: Iterable[str], kind: str, key: str, detail: dict[str, str]
) -> int:
    """Keep a notice for each subscription to this kind among the people of a household; how many.

    Two subscriptions of one person at one address are told once.
    """
    known = session.scalars(select(Subscription).where(Subscription.idcs.in_(list(household))))
    kinds = {kind, _standard_kind(kind)}
    told = {(one.idcs, one.told_at) for one in known if kinds & set(one.kinds)}
    happened_on = datetime.fromtimestamp(clock.now(session), UTC).isoformat(timespec="seconds")
    for idcs, address in sorted(told):
        event = write_event(idcs, kind, key, detail, happened_on)
        session.add(Outgoing(action=NOTIFY, url=address, message=write_notify(event)))
    return len(told)


def write_event(
    idcs: str, kind: str, key: str, detail: dict[str, str], happened_on: str
) -> dict[str, Any]:
    """An event of a notify message; what is ours stands under `additional_attributes`."""
    of_index = kind == INDEX_CHANGED
    ours = {"event_kind": kind, "programme": programme(key).code if key else "", **detail}
    return {
        "reference_id": str(uuid.uuid4()),
        "timestamp": happened_on,
        "data": {
            "version": VERSION,
            "reg_type": f"ns:org:RegistryType:{'Social' if of_index else 'IBR'}",
            "reg_event_type": _standard_kind(kind),
            "reg_record_type": "Member",
            "reg_records": {
                "@type": "Member",
                "member_identifier": [
                    {"@type": "Identifier", "identifier_type": "UIN", "identifier_value": idcs}
                ],
                "additional_attributes": [{"key": k, "value": v} for k, v in ours.items() if v],
            },
        },
    }


def write_notify(*events: dict[str, Any]) -> dict[str, Any]:
    """A notify message of SPDCI with these events."""
    return {
        "header": {
            "version": VERSION,
            "message_id": str(uuid.uuid4()),
            "message_ts": now_with_zone(),
            "action": "notify",
            "status": "succ",
            "sender_id": "registry",
            "receiver_id": "twiza",
            "total_count": len(events),
            "completed_count": len(events),
            "is_msg_encrypted": False,
        },
        "message": {"transaction_id": str(uuid.uuid4()), "notify_event": list(events)},
    }


def _standard_kind(kind: str) -> str:
    """The standard's kind of event that one of ours is told as."""
    return "REGISTER" if kind == INDEX_CHANGED else "enrollement_status_change"
